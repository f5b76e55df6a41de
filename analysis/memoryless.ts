/** How well a task of symbols can be answered by what a network is shown at a step alone. */
import { drawSequence, type Split, type Task } from "../core/training/task.ts";

/** The sequences that answers are learned from. */
const shown = { seed: 1, split: "train", sequences: 10_000 } as const;

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

interface Draws {
  readonly seed: number;
  readonly split: Split;
  readonly sequences: number;
  readonly batch?: number;
}

/** The best guesser that sees the last symbols and nothing else. */
export interface Guesser {
  /** Its score on sequences of a seed, the first ones of a split, as batches of so many (default: 1) draw them. */
  score(draws: Draws): number;
}

/**
 * A guesser that says the most frequent target of what it sees, as 10,000 sequences show it: what a network
 * without memory can reach. On the sequences that a network was judged on, the two can be compared in pairs.
 *
 * @returns undefined for a task whose score is no accuracy over symbols.
 * @example
 * const guesser = memorylessGuesser(findTask("2_small_palindrome").build(), { window: 2 })!;
 * guesser.score({ seed: 1, split: "test", sequences: 1000 }); // about 5/6
 */
export function memorylessGuesser(task: Task, sight: Sight): Guesser | undefined {
  const isText = Object.hasOwn(countedBy, task.score) && !task.episode &&
    ["symbol", "target", countedBy[task.score]!].every((name) => name in task.inputs);
  if (!isText) return undefined;
  const guesses = new Map([...countTargets(task, sight)].map(([seen, targets]) => {
    const [guess] = [...targets].reduce((best, other) => other[1] > best[1] ? other : best);
    return [seen, guess];
  }));
  return {
    score(draws) {
      let [right, total] = [0, 0];
      for (const { seen, target } of answers(task, { ...sight, ...draws })) {
        if (guesses.get(seen) === target) right++;
        total++;
      }
      return right / total;
    },
  };
}

/** How often each target follows what is seen. */
function countTargets(task: Task, sight: Sight): Map<string, Map<number, number>> {
  const counts = new Map<string, Map<number, number>>();
  for (const { seen, target } of answers(task, { ...sight, ...shown })) {
    const targets = counts.get(seen) ?? new Map<number, number>();
    counts.set(seen, targets.set(target, (targets.get(target) ?? 0) + 1));
  }
  return counts;
}

/** The steps that count, of many sequences. */
function* answers(
  task: Task,
  { window, seesStep = false, sequences, ...draws }: Sight & Draws,
): Generator<Answer> {
  for (let index = 0; index < sequences; index++) {
    const sequence = drawSequence(task, { ...draws, index });
    const { symbol, target, mask, [countedBy[task.score]!]: weights } = sequence;
    for (let t = 0; t < task.steps; t++) {
      if (weights?.[t] === 0 || mask?.[t] === 0) continue;
      const seen = Array.from({ length: window }, (_, back) => symbol![t - back] ?? -1);
      yield { seen: [...seen, ...seesStep ? [t] : []].join(), target: target![t]! };
    }
  }
}
