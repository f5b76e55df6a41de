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
 * | truncatedNormal | N(0, deviation²), drawn again where it is beyond `bound` deviations |
 * | xavierUniform, xavierNormal | of a matrix [post, pre] (Glorot and Bengio, 2010) |
 * | fanInUniform, fanInNormal | of variance gain² / pre |
 * | orthogonal | a matrix with orthonormal rows or columns, times `gain` |
 * | bernoulli | `value` with a probability, else 0; symmetric: one draw for (i, j) and (j, i) |
 * | opposite | magnitudes of one initializer, with signs opposite to those of another |
 * | diagonal | one number on the diagonal, another initializer beside it |
 * | blockDiagonal | equal blocks along the diagonal, each drawn by an initializer; 0 beside them |
 * | beside | the last columns drawn by one initializer, those before them by another |
 * | sparse | an initializer at some random places of each row; 0 elsewhere |
 * | array | given numbers |
 * | drawnAs | draws from the random stream of another name |
 * | byReplica | an initializer for each replica |
 * | computed | what a function writes |
 */
export type Initializer =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  | { readonly kind: "normal"; readonly deviation: number }
  | { readonly kind: "truncatedNormal"; readonly deviation: number; readonly bound: number }
  | { readonly kind: "xavierUniform" }
  | { readonly kind: "xavierNormal" }
  | { readonly kind: "fanInUniform"; readonly gain: number }
  | { readonly kind: "fanInNormal"; readonly gain: number }
  | { readonly kind: "orthogonal"; readonly gain: number }
  | {
    readonly kind: "bernoulli";
    readonly probability: number;
    readonly value: number;
    readonly symmetric: boolean;
  }
  | { readonly kind: "opposite"; readonly magnitudes: Initializer; readonly signs: Initializer }
  | { readonly kind: "diagonal"; readonly value: number; readonly others: Initializer }
  | { readonly kind: "blockDiagonal"; readonly blocks: number; readonly values: Initializer }
  | {
    readonly kind: "beside";
    readonly columns: number;
    readonly last: Initializer;
    readonly others: Initializer;
  }
  | { readonly kind: "sparse"; readonly inputs: number; readonly values: Initializer }
  | {
    readonly kind: "array";
    readonly values: Float32Array;
    /** Of rows: their number and length. */
    readonly shape?: Shape;
  }
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

/**
 * Normal numbers of mean 0 without tails: what is beyond `bound` deviations is drawn again, so that the
 * deviation of what is left is smaller (0.88 times for 2).
 *
 *     matrix(4, 4, truncatedNormal(0.1))
 */
export const truncatedNormal = (deviation: number, bound = 2): Initializer => ({
  kind: "truncatedNormal",
  deviation,
  bound,
});

/** 0 everywhere, as where nothing is said.
 *
 *     matrix(4, 4, zeros)
 */
export const zeros: Initializer = constantValue(0);

/** 1 everywhere.
 *
 *     vector(4, ones) // gains of a layer norm
 */
export const ones: Initializer = constantValue(1);

/** U(±sqrt(6 / (post + pre))) (Glorot and Bengio, 2010). */
export const xavierUniform: Initializer = { kind: "xavierUniform" };

/**
 * N(0, 2 / (post + pre)) (Glorot and Bengio, 2010).
 *
 *     matrix(4, 3, xavierNormal)
 */
export const xavierNormal: Initializer = { kind: "xavierNormal" };

/** U(±sqrt(6 / pre)) of a matrix [post, pre], for rectified units (He et al., 2015). */
export const heUniform: Initializer = { kind: "fanInUniform", gain: Math.SQRT2 };

/**
 * N(0, 2 / pre) of a matrix [post, pre], for rectified units (He et al., 2015).
 *
 *     matrix(4, 3, heNormal)
 */
export const heNormal: Initializer = { kind: "fanInNormal", gain: Math.SQRT2 };

/** U(±sqrt(3 / pre)) of a matrix [post, pre] (LeCun et al., 1998). */
export const lecunUniform: Initializer = { kind: "fanInUniform", gain: 1 };

/**
 * N(0, 1 / pre) of a matrix [post, pre] (LeCun et al., 1998).
 *
 *     matrix(4, 3, lecunNormal)
 */
export const lecunNormal: Initializer = { kind: "fanInNormal", gain: 1 };

/**
 * A random orthogonal matrix times `gain`; of a rectangle the rows or the columns, whichever are fewer, are
 * orthonormal (Saxe, McClelland and Ganguli, 2014).
 *
 *     matrix(64, 64, orthogonal())
 */
export const orthogonal = (gain = 1): Initializer => ({ kind: "orthogonal", gain });

/**
 * `scale` on the diagonal, 0 beside it: units that keep what they hold (Le, Jaitly and Hinton, 2015).
 *
 *     matrix(64, 64, identity())
 */
export const identity = (scale = 1): Initializer => ({
  kind: "diagonal",
  value: scale,
  others: zeros,
});

/**
 * Equal blocks along the diagonal, each drawn by `values` for its own shape; 0 beside them: groups of units
 * that do not see each other.
 *
 *     matrix(64, 64, blockDiagonal(4, orthogonal())) // blocks of 16 x 16
 */
export const blockDiagonal = (blocks: number, values: Initializer): Initializer => ({
  kind: "blockDiagonal",
  blocks,
  values,
});

/**
 * The last `columns` columns drawn by `last` for their own shape, those before them by `others`: a layer that
 * reads two things side by side.
 *
 *     matrix(64, 73, beside(uniform(-1, 1), { columns: 64, last: orthogonal() })) // 9 symbols, then a state
 */
export const beside = (
  others: Initializer,
  { columns, last }: { columns: number; last: Initializer },
): Initializer => ({ kind: "beside", columns, last, others });

/**
 * Each row has `inputs` numbers at random places, the others are 0 (Martens, 2010).
 *
 *     matrix(256, 256, sparse(10, normal(0.3))) // a reservoir
 */
export const sparse = (inputs: number, values: Initializer): Initializer => ({
  kind: "sparse",
  inputs,
  values,
});

/**
 * Given numbers: of a vector, or the rows of a matrix; of a flat list, row after row.
 *
 * @throws RangeError if rows differ in length, or a number is NaN.
 *
 *     matrix(2, 3, fromArray([[1, 0, 0], [0, 1, 0]]))
 */
export function fromArray(
  values: ArrayLike<number> | readonly (ArrayLike<number>)[],
): Initializer {
  const list = Array.from<number | ArrayLike<number>>(values);
  const rows = list.filter((row) => typeof row === "object").map((row) => Array.from(row));
  const [first = []] = rows;
  const other = rows.findIndex(({ length }) => length !== first.length);
  if (other >= 0) {
    throw new RangeError(
      `fromArray: row ${other} has ${rows[other]!.length} numbers, row 0 has ${first.length}`,
    );
  }
  const numbers = Float32Array.from(rows.length > 0 ? rows.flat() : list as number[]);
  const missing = numbers.findIndex(Number.isNaN);
  if (missing >= 0) throw new RangeError(`fromArray: number ${missing} is NaN`);
  return {
    kind: "array",
    values: numbers,
    ...rows.length > 0 ? { shape: [rows.length, first.length] } : {},
  };
}

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
