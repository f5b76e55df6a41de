/**
 * What a task is: a seeded generator of input sequences, and what is known about it.
 *
 * A task draws one sequence at a time. The caller places sequences into batches [T, P, B, ...].
 */
import type { Values } from "../backends/backend.ts";
import type { Loss } from "../losses/loss.ts";
import type { InputDeclarations } from "../program/input.ts";
import { type RandomStream, randomStream } from "../random.ts";

/** Shape of one value at one step: scalar `[]`, vector `[n]`, matrix `[post, pre]`. */
export type InputShape = readonly number[];

/**
 * The arrays of one sequence: T * size(shape) values, step-major; size(shape) of a fixed input. All are finite, but
 * what only the loss reads may be NaN at a step that does not count, one whose `mask` or `weight` (`Loss.weighedBy`)
 * is 0. An index that a network looks up (`oneHot`, `gather`) is a whole number within what there is, or -1 for
 * none. JavaScript may return arrays of numbers of another kind: they are rounded to float32.
 */
export type Sequence = Readonly<Record<string, Float32Array>>;

/**
 * A sequence in closed loop: what comes next depends on what the network puts out.
 *
 * @example
 * const sequence = { x: new Float32Array(steps), target: new Float32Array(steps) };
 * const episode: Episode = { sequence, act: (t, [answer]) => void (sequence.x[t + 1] = answer!) };
 */
export interface Episode {
  /** Its arrays, as `Task.sequence` draws them. They are filled in on the way; what is not yet known is 0. */
  readonly sequence: Sequence;
  /**
   * Takes the output of the network at step t, [size(output)], and writes what follows from it into the arrays:
   * inputs of step t + 1 and later ones, and what only the loss reads, of any step. It is called once a step
   * in order, but no more after an output that is not finite.
   */
  act(t: number, output: Values): void;
  /** Writes what is known only at the end, such as returns. It is not called after an output that is not finite. */
  finish?(): void;
}

/**
 * A seeded generator of sequences, with the loss that judges them.
 *
 *     const task = findTask("palindrome").build();
 *     const { symbol, target } = drawSequence(task, { seed: 1 });
 */
export interface Task<Metric extends string = string> {
  /** What commands, errors and reports call it. */
  readonly name: string;
  /** One line for `--help` and reports. */
  readonly summary: string;
  /** T, the number of steps of the longest sequence; shorter ones are padded with mask 0. */
  readonly steps: number;
  /**
   * Inputs of one sequence, by name. A scalar `continues`, declared `fixed([])`, says that a sequence of training goes
   * on (1) from the state that the one before it in its place of the batch left, or begins (0): see `Draw.batch`.
   */
  readonly inputs: InputDeclarations;
  /** How outputs are judged. */
  readonly loss: Loss<Metric>;
  /** Shape of the network's output at a step. */
  readonly output: InputShape;
  /** Sizes that a model's config takes from the task (`Model.fromTask`), by its key, e.g. `symbols`. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Characters in symbol order, of tasks that read and predict text. */
  readonly alphabet?: string;
  /** The metric of the loss to look at first, whatever it is: "loss" as well. */
  readonly score: NoInfer<Metric>;
  /**
   * That score for the best guesser that remembers nothing of the sequence, in [0, 1]; left out or NaN:
   * not known. Only a score that is a share has one: reports leave it out for others.
   */
  readonly chance?: number;
  /**
   * Lowest reachable mean loss, in the unit of the loss: of nats, the entropy of what cannot be known.
   * Left out or NaN: not known.
   */
  readonly bestLoss?: number;
  /** What a network reaches that guesses, by metric: reports draw it as a level. */
  readonly guessing?: Readonly<Record<string, number>>;
  /** What guesses so, such as "5-gram"; default: "guessing". */
  readonly guessedBy?: string;
  /** Sequences that belong together in an update, where nobody says how many; default: one. */
  readonly batch?: number;
  /**
   * How many different sequences are held out, such as rows of a data set: no more are judged. Left out: as many as
   * are asked for.
   */
  readonly heldOut?: Readonly<Record<"validation" | "test", number>>;
  /**
   * A hash of the data that its files hold: a run goes on, and is judged, with the same data alone. Left out: it reads
   * none, or nobody asks.
   */
  readonly dataHash?: string;
  /** A task that grows harder; this one is then its first level. */
  readonly levels?: Levels;
  /** When there is nothing left to learn, of a task without levels. */
  readonly goal?: Goal;
  /** Of a task whose sequences are movies of scenes. */
  readonly scenes?: Scenes;
  /** Texts that a trained network writes, of a task with an alphabet and the inputs `symbol` and `target`. */
  readonly samples?: Samples;
  /** What its settings come to where that is not what they say, a line each. */
  readonly notes?: readonly string[];
  /**
   * Draws one sequence: for each input T values of its shape, or one of a fixed input. The same stream
   * gives the same sequence on every device. What all sequences of a seed share comes from
   * `random.address.seed`; what goes by turns, and what is held out, comes from `draw`.
   */
  sequence(random: RandomStream, draw: Draw): Sequence;
  /**
   * Begins a sequence of a task that goes on from the network's output; `sequence` then draws its arrays as they
   * are at first. Its draws, of actions too, come from the same stream, so that a resumed run plays the same. Where
   * rounding differs, on another device, so may an action. A batch is played before it is learned, about twice
   * the work of a run forward, and each step is read by the host: small networks are best on the cpu.
   *
   * @example
   * sequence: (random, draw) => begin(random, draw).sequence,
   * episode: begin,
   */
  episode?(random: RandomStream, draw: Draw): Episode;
}

/** Texts that a trained network writes, character by character: each one chosen is read as the next one. */
export interface Samples {
  /** What each text begins with: at least a character of the alphabet. */
  readonly prompts: readonly string[];
  /** Characters of a text, with those of its prompt. */
  readonly length: number;
  /** Divides the logits before a character is drawn; 0: the likeliest is taken. */
  readonly temperature: number;
  /** The character that ends a text; default: none does. */
  readonly end?: string;
}

/** Which sequence is drawn. */
export interface Draw {
  /** What it is for. A task of a data set takes its rows from those of the split. */
  readonly split: Split;
  /** Its number in the split, from 0; sequence b of batch n of B is number n B + b. */
  readonly index: number;
  /** B, sequences in a batch; default: 1. */
  readonly batch?: number;
}

/** What counts as learned: a score as good as `threshold` in `streak` updates in a row. */
export interface Goal {
  /** Least score (`Task.score`); the largest one, if its metric says that less is better. */
  readonly threshold: number;
  /** Updates in a row that have to reach it. */
  readonly streak: number;
  /** Updates after which training ends where that is not reached. */
  readonly longest: number;
}

/** The difficulties of a task, first .. last; each is passed by reaching the goal. */
export interface Levels extends Goal {
  /** What a level is called, e.g. "R". */
  readonly symbol: string;
  /** The easiest one. */
  readonly first: number;
  /** The hardest one. */
  readonly last: number;
  /** The task of a level. */
  at(level: number): Task;
  /** What a network that reached the goal has to stand before the level counts as passed. */
  check?(level: number): LevelCheck;
}

/** How often something was so, of how many times: the share `count / of`. */
export interface Count {
  /** How often it was so. */
  readonly count: number;
  /** How often it could have been. */
  readonly of: number;
}

/** A check on held-out sequences that are not those of the training. */
export interface LevelCheck {
  /** Draws the sequences; they may be longer than those of the level. */
  readonly task: Task;
  /** Whether one sequence was judged well enough, by the metrics of the loss that are shares. */
  readonly holds: (counts: Readonly<Record<string, Count>>) => boolean;
}

/** Movies: a sequence is a row of scenes, and a scene may repeat the one R scenes before it. */
export interface Scenes {
  /** Steps of a scene. */
  readonly steps: number;
  /** R, the scenes from one to its repetition. */
  readonly interval: number;
  /** The task with another R and so many scenes, without levels. @throws RangeError if no scene can repeat. */
  at(movie: { readonly interval: number; readonly scenes: number }): Task;
}

/**
 * Splits draw from disjoint random streams: no draw is used twice. A task with few different texts
 * (key recall has 60) still repeats them; what is held out there is the draw, not the text. Character tasks can
 * hold out texts instead (`held_out`).
 */
export const splitStreams = { train: 1, validation: 2, test: 3 } as const satisfies Readonly<
  Record<Split, number>
>;
/** What sequences are for: training, held-out rows of metrics, or the end of a run. */
export type Split = "train" | "validation" | "test";

/**
 * Draws a sequence as a training or an evaluation does.
 *
 *     const { x, target } = drawSequence(task, { seed: 1, split: "test", index: 7 });
 *
 * @param options.seed that of the replica.
 * @throws what the task throws, RangeError on a bad seed or number.
 */
export function drawSequence(
  task: Pick<Task, "sequence">,
  { seed, split = "train", index = 0, batch = 1 }: { readonly seed: number } & Partial<Draw>,
): Sequence {
  const random = randomStream({ seed, stream: splitStreams[split], step: index });
  return task.sequence(random, { split, index, batch });
}

/**
 * Begins one sequence of a task that may go on from the network's output: the same one for the same numbers.
 *
 * @throws what the task throws, RangeError on a bad seed or number.
 */
export function openEpisode(
  task: Pick<Task, "sequence" | "episode">,
  { seed, split = "train", index = 0, batch = 1 }: { readonly seed: number } & Partial<Draw>,
): Episode {
  const random = randomStream({ seed, stream: splitStreams[split], step: index });
  const draw = { split, index, batch };
  return task.episode?.(random, draw) ?? { sequence: task.sequence(random, draw), act() {} };
}
