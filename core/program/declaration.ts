/** How a model declares its parameters and state: shapes, first values, and what is trained. */
import { describeShape, type Shape } from "../axes.ts";
import { checkInitial } from "./check_initial.ts";
import { describeThing } from "./elementwise.ts";
import { constantValue, type Initializer } from "./initializer.ts";

/** A parameter, constant or state of a model; `scalar`, `vector` and `matrix` make one. */
export interface Declaration {
  /** Scalar `[]`, vector `[n]` or matrix `[post, pre]`. */
  readonly shape: Shape;
  /** The first value; every replica draws it from its seed. */
  readonly initial: Initializer;
  /** Whether training changes it; it does not change a constant. */
  readonly trained: boolean;
  /** Whether every sequence has its own copy: fast weights, [P, B, ...shape]. All copies start equal. */
  readonly fast: boolean;
  /** Whether there is one value a step, [T, P, ...shape], as of a positional encoding. */
  readonly perStep: boolean;
  /** The diagonal keeps this value whatever is learned. */
  readonly diagonal: number | undefined;
  /** Name of the fixed input that a state starts from, instead of `initial`. */
  readonly from: string | undefined;
  /** What it is, in a few words, for reports. */
  readonly summary?: string;
}

/** What a declaration may say beside shape and first value; see `Declaration`. Default: trained, nothing else. */
export interface DeclarationOptions {
  /** Whether training changes it; default: yes. */
  trained?: boolean;
  /** Whether every sequence has its own copy. */
  fast?: boolean;
  /** Whether there is one value a step. */
  perStep?: boolean;
  /** What the diagonal of a matrix is, whatever is learned. */
  diagonal?: number;
  /** Name of the fixed input that a state starts from. */
  from?: string;
  /** What it is, in a few words, for reports: "from the state to the readout". */
  summary?: string;
}

function declare(
  shape: Shape,
  initial: Initializer,
  options: DeclarationOptions = {},
): Declaration {
  for (const extent of shape) {
    if (!Number.isSafeInteger(extent) || extent < 1) {
      throw new RangeError(`Extents must be whole numbers of at least 1, got ${shape.join(" x ")}`);
    }
  }
  if (typeof initial?.kind !== "string") {
    const hint = typeof initial === "function" ? "; is it to be called?" : "";
    throw new TypeError(
      `Expected an initializer, such as normal(0.1), got ${describeThing(initial)}${hint}`,
    );
  }
  checkInitial(initial, shape);
  const { trained = true, fast = false, perStep = false, diagonal, from, summary } = options;
  if (diagonal !== undefined && shape.length !== 2) {
    throw new RangeError(`Only a matrix has a diagonal, not a ${describeShape(shape)}`);
  }
  return {
    shape,
    initial: diagonal === undefined
      ? initial
      : { kind: "diagonal", value: diagonal, others: initial },
    trained,
    fast,
    perStep,
    diagonal,
    from,
    ...summary === undefined ? {} : { summary },
  };
}

/**
 * Declares one number, `[]`.
 *
 * @throws RangeError unless the value is finite.
 *
 *     scalar(0.99, { trained: false })
 */
export function scalar(value = 0, options?: DeclarationOptions): Declaration {
  if (typeof value === "number") return declare([], constantValue(value), options);
  throw new TypeError(`scalar: expected a number, got ${describeThing(value)}`);
}

/**
 * Declares a vector, `[extent]`; it starts from 0 unless an initializer says otherwise.
 *
 * @throws RangeError unless the extent is a whole number of at least 1, and the initializer fits.
 *
 *     vector(16, uniform(-0.1, 0.1))
 */
export const vector = (
  extent: number,
  initial: Initializer = constantValue(0),
  options?: DeclarationOptions,
): Declaration => declare([extent], initial, options);

/**
 * Declares a matrix, `[post, pre]`; it starts from 0 unless an initializer says otherwise.
 *
 * @throws RangeError unless both extents are whole numbers of at least 1, and the initializer fits.
 *
 *     matrix(8, 8, normal(1 / Math.sqrt(8)), { diagonal: 0 })
 */
export const matrix = (
  post: number,
  pre: number,
  initial: Initializer = constantValue(0),
  options?: DeclarationOptions,
): Declaration => declare([post, pre], initial, options);
