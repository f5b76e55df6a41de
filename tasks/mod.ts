/**
 * The table of tasks: help, tests and benches go over it. An entry that differs in a number n stands
 * here once, and is named with the number in front: `3_resequence`.
 *
 * Two conventions hold for all of them. `bestLoss` is the expected summed loss of the ideal
 * predictor, which knows how sequences are made, divided by the expected number of predictions: what
 * a mean over all unmasked predictions of many sequences tends to. `chance` is the best accuracy,
 * pooled over recall positions, of a guesser that sees the present symbol and the step and nothing
 * before: what a network without memory can reach.
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
