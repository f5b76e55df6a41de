/** How well a task of symbols can be answered by what a network is shown at a step alone. */
import { drawSequence, type Split, type Task } from "../core/training/task.ts";

/** Sequences that answers are learned from, and as many others that they are judged on. */
const SEQUENCES = 10_000;

/** The input that says at which steps each score counts. */
const countedBy: Readonly<Record<string, string>> = {
  accuracy: "mask",
  recall_accuracy: "recall",
  last_accuracy: "last",
};

/** What a guesser is shown at a step, and what it should have said. */
interface Answer {
  readonly seen: string;
  readonly target: number;
}

/** What a guesser sees. */
export interface Sight {
  /** Symbols: 1, or 2 with the previous one. */
  readonly window: number;
  /** Whether it also knows the number of the step. */
  readonly seesStep?: boolean;
}

/**
 * The score of the best guesser that sees the last symbols and nothing else: it says the most frequent target
 * of what it sees, as 10,000 sequences show it, and is judged on 10,000 others. The same ones each time.
 *
 * @returns undefined for a task whose score is no accuracy over symbols.
 * @example
 * memorylessCeiling(findTask("2_small_palindrome").build(), { window: 2 }); // about 5/6
 */
export function memorylessCeiling(task: Task, sight: Sight): number | undefined {
  const isText = Object.hasOwn(countedBy, task.score) && !task.episode &&
    ["symbol", "target", countedBy[task.score]!].every((name) => name in task.inputs);
  if (!isText) return undefined;
  const guesses = new Map([...countTargets(task, sight)].map(([seen, targets]) => {
    const [guess] = [...targets].reduce((best, other) => other[1] > best[1] ? other : best);
    return [seen, guess];
  }));
  let [right, total] = [0, 0];
  for (const { seen, target } of answers(task, { ...sight, split: "validation" })) {
    if (guesses.get(seen) === target) right++;
    total++;
  }
  return total === 0 ? undefined : right / total;
}

/** How often each target follows what is seen. */
function countTargets(task: Task, sight: Sight): Map<string, Map<number, number>> {
  const counts = new Map<string, Map<number, number>>();
  for (const { seen, target } of answers(task, { ...sight, split: "train" })) {
    const targets = counts.get(seen) ?? new Map<number, number>();
    counts.set(seen, targets.set(target, (targets.get(target) ?? 0) + 1));
  }
  return counts;
}

/** The steps that count, of many sequences. */
function* answers(
  task: Task,
  { window, seesStep = false, split }: Sight & { split: Split },
): Generator<Answer> {
  for (let index = 0; index < SEQUENCES; index++) {
    const sequence = drawSequence(task, { seed: 1, split, index });
    const { symbol, target, mask, [countedBy[task.score]!]: weights } = sequence;
    for (let t = 0; t < task.steps; t++) {
      if (weights?.[t] === 0 || mask?.[t] === 0) continue;
      const seen = Array.from({ length: window }, (_, back) => symbol![t - back] ?? -1);
      yield { seen: [...seen, ...seesStep ? [t] : []].join(), target: target![t]! };
    }
  }
}
