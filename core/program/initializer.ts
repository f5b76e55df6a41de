/**
 * How a value starts, as data: it can be compared, sent to a worker, and told apart from a constant
 * before anything is drawn.
 */
import type { Shape } from "../axes.ts";

/** What first values are drawn for: one value of one replica. */
export interface DrawContext {
  /** Shape of the value: `[]`, `[n]` or `[post, pre]`. */
  readonly shape: Shape;
  /** Name of the value, which decides its random stream. */
  readonly name: string;
  /** Seed of the replica. */
  readonly seed: number;
  /** Place on the axis P. It selects among values, and never changes what a seed draws. */
  readonly replica: number;
  /** T, the steps of a sequence. */
  readonly steps: number;
  /** The step whose value is wanted, of a per-step constant; else 0. */
  readonly step: number;
}

/**
 * The first value of a parameter, constant or state. `drawInitial` fills an array by it.
 *
 * | kind | value |
 * |---|---|
 * | constant | one number |
 * | uniform | U(low, high) |
 * | normal | N(0, deviation²) |
 * | xavierUniform, xavierNormal | of a matrix [post, pre] (Glorot and Bengio, 2010) |
 * | bernoulli | `value` with a probability, else 0; symmetric: one draw for (i, j) and (j, i) |
 * | opposite | magnitudes of one initializer, with signs opposite to those of another |
 * | diagonal | one number on the diagonal, another initializer beside it |
 * | drawnAs | draws from the random stream of another name |
 * | byReplica | an initializer for each replica |
 * | computed | what a function writes |
 */
export type Initializer =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  | { readonly kind: "normal"; readonly deviation: number }
  | { readonly kind: "xavierUniform" }
  | { readonly kind: "xavierNormal" }
  | {
    readonly kind: "bernoulli";
    readonly probability: number;
    readonly value: number;
    readonly symmetric: boolean;
  }
  | { readonly kind: "opposite"; readonly magnitudes: Initializer; readonly signs: Initializer }
  | { readonly kind: "diagonal"; readonly value: number; readonly others: Initializer }
  | { readonly kind: "drawnAs"; readonly name: string; readonly values: Initializer }
  | { readonly kind: "byReplica"; readonly values: readonly Initializer[] }
  | {
    readonly kind: "computed";
    /** Writes the value of one replica at one step, row-major, into `out`. */
    readonly fill: (out: Float32Array, context: DrawContext) => void;
  };

/** The same number everywhere.
 *
 *     vector(4, constantValue(1))
 */
export const constantValue = (value: number): Initializer => ({ kind: "constant", value });

/**
 * Uniform numbers, U(low, high).
 *
 * @param name random stream to draw from, which several values may share; default: the value's name.
 *
 *     matrix(4, 3, uniform(-0.1, 0.1))
 */
export const uniform = (low: number, high: number, name?: string): Initializer =>
  drawnAs(name, { kind: "uniform", low, high });

/**
 * Normal numbers of mean 0, N(0, deviation²).
 *
 *     matrix(4, 4, normal(1 / Math.sqrt(4)))
 */
export const normal = (deviation: number): Initializer => ({ kind: "normal", deviation });

/** U(±sqrt(6 / (post + pre))) (Glorot and Bengio, 2010). */
export const xavierUniform: Initializer = { kind: "xavierUniform" };

/**
 * N(0, 2 / (post + pre)) (Glorot and Bengio, 2010).
 *
 *     matrix(4, 3, xavierNormal)
 */
export const xavierNormal: Initializer = { kind: "xavierNormal" };

/**
 * A random mask: `value` (default 1) with a probability, else 0.
 *
 * @param options.symmetric whether elements (i, j) and (j, i) of a square matrix share a draw.
 * @param options.name random stream to draw from; default: the name of the value.
 *
 *     matrix(8, 8, bernoulli(0.5))
 */
export const bernoulli = (
  probability: number,
  { value = 1, symmetric = false, name }: { value?: number; symmetric?: boolean; name?: string } =
    {},
): Initializer => drawnAs(name, { kind: "bernoulli", probability, value, symmetric });

/** The magnitudes of one initializer, each with the sign opposite to that of another. */
export const opposite = (magnitudes: Initializer, signs: Initializer): Initializer => ({
  kind: "opposite",
  magnitudes,
  signs,
});

/** Values that are drawn from the random stream of another name, so that two values start alike. */
export const drawnAs = (name: string | undefined, values: Initializer): Initializer =>
  name === undefined ? values : { kind: "drawnAs", name, values };

/**
 * Values that a function computes, for what no other initializer says.
 *
 *     vector(4, computed((out) => out.forEach((_, index) => out[index] = index / 4)))
 */
export const computed = (fill: (out: Float32Array, context: DrawContext) => void): Initializer => ({
  kind: "computed",
  fill,
});

/** The number, in float32, that a value starts from everywhere; undefined if it is drawn or computed. */
export const constantOf = (initializer: Initializer): number | undefined =>
  initializer.kind === "constant" ? Math.fround(initializer.value) : undefined;
