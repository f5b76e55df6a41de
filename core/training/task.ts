/**
 * What a task is: a seeded generator of input sequences, and what is known about it.
 *
 * A task draws one sequence at a time from a random stream; placing sequences into batches
 * [T, P, B, ...] belongs to the caller, so a task never knows how it is batched.
 */
import type { Loss } from "../losses/loss.ts";
import type { InputDeclarations } from "../program/input.ts";
import type { RandomStream } from "../random.ts";

/** Shape of one value at one step: scalar `[]`, vector `[n]`, matrix `[post, pre]`. */
export type InputShape = readonly number[];

/** The arrays of one sequence: T * size(shape) values, step-major; size(shape) of a fixed input. */
export type Sequence = Readonly<Record<string, Float32Array>>;

export interface Task {
  readonly name: string;
  readonly summary: string;
  /** T, the number of steps of the longest sequence; shorter ones are padded with mask 0. */
  readonly steps: number;
  /** Inputs of one sequence, by name. */
  readonly inputs: InputDeclarations;
  /** How outputs are judged. */
  readonly loss: Loss;
  /** Shape of an output of the network. */
  readonly output: InputShape;
  /** What a model's config takes from the task, by its key there, e.g. `symbols`. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Characters in symbol order, of tasks that read and predict text. */
  readonly alphabet?: string;
  /** The metric of the loss to look at first. */
  readonly score: string;
  /** That score for the best guesser that remembers nothing of the sequence, in [0, 1]. */
  readonly chance: number;
  /** Lowest reachable mean loss, nats per prediction: the entropy of what cannot be known. */
  readonly bestLoss: number;
  /** Sequences that belong together in an update, where nobody says how many; default: one. */
  readonly batch?: number;
  /** A task that grows harder; this one is then its first level. */
  readonly levels?: Levels;
  /** When there is nothing left to learn, of a task without levels. */
  readonly goal?: Goal;
  /**
   * Draws one sequence. The same stream gives the same sequence on every device; what all sequences of
   * a seed have in common comes from `random.address.seed`, what goes by turns from its step.
   */
  sequence(random: RandomStream): Sequence;
}

/** What counts as learned: a score of at least `threshold` in `streak` updates in a row. */
export interface Goal {
  readonly threshold: number;
  readonly streak: number;
  /** Updates after which training ends where that is not reached. */
  readonly longest: number;
}

/** The difficulties of a task, first .. last; each is passed by reaching the goal. */
export interface Levels extends Goal {
  /** What a level is called, e.g. "R". */
  readonly symbol: string;
  readonly first: number;
  readonly last: number;
  /** The task of a level. */
  at(level: number): Task;
}

/**
 * Splits draw from disjoint random streams: no draw is used twice. A task with few different texts
 * (key recall has 60) still repeats them; what is held out there is the draw, not the text.
 */
export const splitStreams = { train: 1, validation: 2, test: 3 } as const;
export type Split = keyof typeof splitStreams;
