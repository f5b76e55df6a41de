/**
 * Character tasks: a sequence is a text, and the target at every step is its next symbol.
 */
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import type { InputDeclarations } from "../core/program/input.ts";
import type { Sequence, Task } from "../core/training/task.ts";
import type { RandomStream } from "../core/random.ts";

/** Alphabet of the synthetic tasks. */
export const alphabet = "0?!123,. ";
/** Alphabet of the small palindromes. */
export const smallAlphabet = "23. ";

/** A text of at least 2 symbols, and the positions of it that can be predicted only from memory. */
export interface Characters {
  readonly text: string;
  readonly recall: readonly number[];
}

/** What makes a character task: a generator of texts, and what is known about them. */
export interface CharacterTaskOptions {
  readonly name: string;
  readonly summary: string;
  readonly alphabet: string;
  /** Symbols in the longest text; T is one less. */
  readonly longest: number;
  readonly chance: number;
  readonly bestLoss: number;
  /** Draws one text. */
  draw(random: RandomStream): Characters;
}

/** The inputs of every character task: scalars at each step. */
const inputs: InputDeclarations = {
  symbol: [],
  target: [],
  mask: [],
  recall: [],
  last: [],
};

/** The positions start, start + 1, ..., end - 1. */
export function positions(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

/**
 * The arrays [T] of a text. At step t:
 *
 * - `symbol`: the symbol at position t
 * - `target`: the symbol at position t + 1
 * - `mask`: 1 where that target exists
 * - `recall`: 1 where the target is a recall position
 * - `last`: 1 where the target is the last symbol
 *
 * Beyond the end of the text all are 0. A text shorter than T + 1 shows its last symbol too, at the first
 * step with mask 0, where nothing is judged.
 *
 * @throws RangeError if the text does not fit, has a symbol outside the alphabet, or has a recall position
 * that is not a target.
 */
export function characterSequence(
  { text, recall }: Characters,
  { alphabet, steps }: { readonly alphabet: string; readonly steps: number },
): Sequence {
  const last = text.length - 1;
  if (last < 1 || last > steps) {
    throw new RangeError(`Text "${text}" has ${text.length} symbols, expected 2..${steps + 1}`);
  }
  const symbols = Array.from({ length: text.length }, (_, position) => {
    const symbol = alphabet.indexOf(text.charAt(position));
    if (symbol < 0) {
      throw new RangeError(`Text "${text}": position ${position} is not in "${alphabet}"`);
    }
    return symbol;
  });
  const array = () => new Float32Array(steps);
  const sequence = {
    symbol: array(),
    target: array(),
    mask: array(),
    recall: array(),
    last: array(),
  };
  sequence.symbol.set(symbols.slice(0, steps));
  sequence.target.set(symbols.slice(1));
  sequence.mask.fill(1, 0, last);
  for (const position of recall) {
    if (!Number.isInteger(position) || position < 1 || position > last) {
      throw new RangeError(`Text "${text}": recall position ${position} is not in 1..${last}`);
    }
    sequence.recall[position - 1] = 1;
  }
  sequence.last[last - 1] = 1;
  return sequence;
}

/**
 * Makes a task from a generator of texts.
 *
 * @example
 * characterTask({ name: "echo", summary: "The same again", alphabet: "ab", longest: 2, chance: 1,
 *   bestLoss: 0, draw: (random) => ({ text: random.sample(["aa", "bb"]), recall: [1] }) });
 */
export function characterTask({ longest, draw, ...facts }: CharacterTaskOptions): Task {
  const steps = longest - 1;
  const { alphabet } = facts;
  const symbols = alphabet.length;
  return {
    ...facts,
    steps,
    inputs,
    loss: crossEntropy,
    output: [symbols],
    sizes: { symbols },
    score: "recall_accuracy",
    sequence: (random) => characterSequence(draw(random), { alphabet, steps }),
  };
}
