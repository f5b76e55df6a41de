/** How a value starts, as data: what is drawn can be compared, sent to a worker, and told apart from a constant. */
import type { Shape } from "../axes.ts";

/** What is drawn for: one replica's value of one name. */
export interface DrawContext {
  /** Shape of the value: `[]`, `[n]` or `[post, pre]`. */
  readonly shape: Shape;
  /** Its random stream (`streamOf`). */
  readonly name: string;
  /** Seed of the replica. */
  readonly seed: number;
  /** Index on the axis P; it selects a value, and never changes what a seed draws. */
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
 * | opposite | magnitudes of one initializer, with the signs that another one does not have |
 * | diagonal | one number on the diagonal, another initializer beside it |
 * | drawnAs | draws from the random stream of another name |
 * | byReplica | an initializer for each replica |
 * | computed | a function, for what none of the others say |
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

/** The same number everywhere. */
export const constantValue = (value: number): Initializer => ({ kind: "constant", value });

/**
 * U(low, high).
 *
 * @param name Random stream to draw from, which several values may share; default: the value's name.
 *
 *     matrix(4, 3, uniform(-0.1, 0.1))
 */
export const uniform = (low: number, high: number, name?: string): Initializer =>
  drawnAs(name, { kind: "uniform", low, high });

/**
 * N(0, deviation²).
 *
 *     matrix(4, 4, normal(1 / Math.sqrt(4)))
 */
export const normal = (deviation: number): Initializer => ({ kind: "normal", deviation });

/** U(±sqrt(6 / (post + pre))) (Glorot and Bengio, 2010). */
export const xavierUniform: Initializer = { kind: "xavierUniform" };

/** N(0, 2 / (post + pre)) (Glorot and Bengio, 2010). */
export const xavierNormal: Initializer = { kind: "xavierNormal" };

/**
 * A random mask: `value` (default 1) where a draw of U(0, 1) is below the probability, else 0.
 *
 * @param options.symmetric One draw for the elements (i, j) and (j, i) of a square matrix.
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

/** Draws from the random stream of another name, so that two values start alike. */
export const drawnAs = (name: string | undefined, values: Initializer): Initializer =>
  name === undefined ? values : { kind: "drawnAs", name, values };

/** Values that a function computes; nobody can tell without drawing whether they are constant. */
export const computed = (fill: (out: Float32Array, context: DrawContext) => void): Initializer => ({
  kind: "computed",
  fill,
});

/** The one number, in float32, that a value starts from everywhere; undefined unless it is a constant. */
export const constantOf = (initializer: Initializer): number | undefined =>
  initializer.kind === "constant" ? Math.fround(initializer.value) : undefined;
