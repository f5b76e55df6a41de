/**
 * The table of tasks; help, tests and benches go over it. A family of tasks that differ in a number is one
 * entry. Its members have the number before the name: `3_resequence`.
 *
 * Two conventions hold for all tasks. `bestLoss` is the loss of the ideal predictor, which knows how
 * sequences are made: its expected sum over a sequence, divided by the expected number of predictions. The
 * mean over all predictions of many sequences tends to it. `chance` is the best accuracy, over all recall
 * positions, of a guesser that sees only the present symbol and the step: a network without memory can
 * reach it.
 */
import type { TaskEntry } from "./entry.ts";
import { findEntry } from "./find_entry.ts";
import { attractorMemories } from "./attractor_memories.ts";
import { autoAssociative, autoAssociative1000 } from "./auto_associative.ts";
import { continualScene, singleFrameFamiliarity } from "./continual_scene.ts";
import { longRangeMemory } from "./long_range_memory.ts";
import { palindrome } from "./palindrome.ts";
import { palindromeVary, smallPalindromeVary } from "./palindrome_vary.ts";
import { resequence } from "./resequence.ts";

export type { TaskEntry } from "./entry.ts";
export { membersOf } from "./numbered_task.ts";

const entries: readonly TaskEntry[] = [
  longRangeMemory,
  resequence,
  palindrome,
  palindromeVary,
  smallPalindromeVary,
  continualScene,
  singleFrameFamiliarity,
  autoAssociative,
  autoAssociative1000,
  attractorMemories,
];

/**
 * Every task, by name; a family once. `findTask` finds aliases and members of families too.
 *
 * @example
 * console.log(Object.values(tasks).map(({ name, summary }) => `${name}: ${summary}`).join("\n"));
 */
export const tasks: Readonly<Record<string, TaskEntry>> = Object.freeze(
  Object.fromEntries(entries.map((entry) => [entry.name, entry])),
);

/**
 * The task with a name or alias, such as `3_resequence`.
 *
 * @throws RangeError that names the nearest name and lists all entries.
 * @example
 * const task = findTask("3_palindrome_vary").build();
 */
export function findTask(name: string): TaskEntry {
  return findEntry(tasks, name);
}
