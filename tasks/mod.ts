/**
 * The table of tasks. Adding an entry here lists it, tests it and times it.
 *
 * Two conventions hold for all of them. `bestLoss` is the expected summed loss of the ideal
 * predictor, which knows how sequences are made, divided by the expected number of predictions: what
 * a mean over all unmasked predictions of many sequences tends to. `chance` is the best accuracy,
 * pooled over recall positions, of a guesser that sees the present symbol and the step and nothing
 * before: what a network without memory can reach.
 */
import { findEntry, type TaskEntry } from "./entry.ts";
import { attractorMemories } from "./attractor_memories.ts";
import { autoAssociative, autoAssociative1000 } from "./auto_associative.ts";
import { continualScene, singleFrameFamiliarity } from "./continual_scene.ts";
import { longRangeMemory } from "./long_range_memory.ts";
import { palindrome } from "./palindrome.ts";
import { palindromeVary } from "./palindrome_vary.ts";
import { resequence } from "./resequence.ts";

export type { TaskEntry } from "./entry.ts";

const sizes = [1, 2, 3, 4];

const entries: readonly TaskEntry[] = [
  longRangeMemory,
  ...sizes.map(resequence),
  palindrome,
  palindromeVary("palindrome_vary", { n: 2, aliases: ["palindrome_dataset_vary_length"] }),
  ...sizes.map((n) =>
    palindromeVary(`${n}_palindrome_vary`, {
      n,
      aliases: [`${n}_palindrome_dataset_vary_length`, `${n}_palindrome`],
    })
  ),
  ...sizes.map((n) =>
    palindromeVary(`${n}_small_palindrome_vary`, {
      n,
      small: true,
      aliases: [`${n}_small_palindrome_dataset_vary_length`, `${n}_small_palindrome`],
    })
  ),
  continualScene,
  singleFrameFamiliarity,
  autoAssociative,
  autoAssociative1000,
  attractorMemories,
];

/** Every task, by name. */
export const tasks: Readonly<Record<string, TaskEntry>> = Object.freeze(
  Object.fromEntries(entries.map((entry) => [entry.name, entry])),
);

/** The task with a name or alias. RangeError names the nearest one and lists them all. */
export function findTask(name: string): TaskEntry {
  return findEntry(tasks, name);
}
