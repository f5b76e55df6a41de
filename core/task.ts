/**
 * What a task is: a seeded generator of input sequences, and what is known about it.
 *
 * A task draws one sequence at a time from a random stream; placing sequences into batches
 * [T, P, B, ...] belongs to the caller, so a task never knows how it is batched.
 */
import type { RandomStream } from "./random.ts";

/** Shape of one value at one step: scalar `[]`, vector `[n]`, matrix `[post, pre]`. */
export type InputShape = readonly number[];

/** The arrays of one sequence, each of length T * size(shape), step-major. */
export type Sequence = Readonly<Record<string, Float32Array>>;

export interface Task {
  readonly name: string;
  readonly summary: string;
  /** T, the number of steps of the longest sequence; shorter ones are padded with mask 0. */
  readonly steps: number;
  /** Per-step inputs of one sequence, by name. */
  readonly inputs: Readonly<Record<string, InputShape>>;
  /** C, the number of symbols (character tasks). */
  readonly symbols: number;
  /** Characters of the alphabet in symbol order (character tasks). */
  readonly alphabet: string;
  /** Recall accuracy of the best guesser that remembers nothing of the sequence, in [0, 1]. */
  readonly chance: number;
  /** Lowest reachable mean loss, nats per prediction: the entropy of what cannot be known. */
  readonly bestLoss: number;
  /** Draws one sequence. The same stream gives the same sequence on every device. */
  sequence(random: RandomStream): Sequence;
}

/**
 * Splits draw from disjoint random streams: no draw is used twice. A task with few different texts
 * (key recall has 60) still repeats them; what is held out there is the draw, not the text.
 */
export const splitStreams = { train: 1, validation: 2, test: 3 } as const;
export type Split = keyof typeof splitStreams;
