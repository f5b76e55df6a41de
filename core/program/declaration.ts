/** How a model declares its parameters and state: shapes, first values, and what is trained. */
import { fillNormal, fillUniform } from "../random.ts";
import { describeShape, type Shape } from "../axes.ts";

/** Where a first value is drawn: the replica's seed, and a stream of its own for every name. */
export interface DrawContext {
  readonly shape: Shape;
  readonly name: string;
  readonly seed: number;
  /** Its place on the axis P; what is drawn does not depend on it, which values are asked for may. */
  readonly replica: number;
  /** T, and the step whose value is asked for (per-step constants). */
  readonly steps: number;
  readonly step: number;
}

/** Writes the first value of one replica, row-major, into `out`. */
export type Initializer = (out: Float32Array, context: DrawContext) => void;

export interface Declaration {
  readonly shape: Shape;
  readonly initial: Initializer;
  /** Changed by training; constants are not. */
  readonly trained: boolean;
  /** Every sequence has its own copy (fast weights), equal at first. */
  readonly fast: boolean;
  /** One value a step instead of one in all (constants such as positional encodings). */
  readonly perStep: boolean;
  /** The diagonal keeps this value whatever is learned. */
  readonly diagonal: number | undefined;
  /** The fixed input that a state starts from, instead of the first value. */
  readonly from: string | undefined;
}

export interface DeclarationOptions {
  trained?: boolean;
  fast?: boolean;
  perStep?: boolean;
  diagonal?: number;
  from?: string;
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
  const { trained = true, fast = false, perStep = false, diagonal, from } = options;
  if (diagonal !== undefined && shape.length !== 2) {
    throw new RangeError(`Only a matrix has a diagonal, not a ${describeShape(shape)}`);
  }
  const withDiagonal: Initializer = diagonal === undefined ? initial : (out, context) => {
    initial(out, context);
    const [rows = 0, columns = 0] = shape;
    for (let i = 0; i < Math.min(rows, columns); i++) out[i * columns + i] = diagonal;
  };
  return { shape, initial: withDiagonal, trained, fast, perStep, diagonal, from };
}

export const scalar = (value = 0, options?: DeclarationOptions): Declaration =>
  declare([], constantValue(value), options);

export const vector = (
  extent: number,
  initial: Initializer = constantValue(0),
  options?: DeclarationOptions,
): Declaration => declare([extent], initial, options);

export const matrix = (
  post: number,
  pre: number,
  initial: Initializer = constantValue(0),
  options?: DeclarationOptions,
): Declaration => declare([post, pre], initial, options);

/** The stream of random numbers that belongs to a name (FNV-1a, Fowler, Noll and Vo). */
export function streamOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}

export const constantValue = (value: number): Initializer => (out) => {
  out.fill(value);
};

/** U(low, high). `name` shares one draw between several values; default: the value's own name. */
export const uniform =
  (low: number, high: number, name?: string): Initializer => (out, context) => {
    fillUniform(out, {
      seed: context.seed,
      stream: streamOf(name ?? context.name),
      step: 0,
      low,
      high,
    });
  };

/** N(0, deviation²). */
export const normal = (deviation: number): Initializer => (out, context) => {
  fillNormal(out, { seed: context.seed, stream: streamOf(context.name), step: 0, deviation });
};

/** U(±sqrt(6 / (post + pre))) (Glorot and Bengio, 2010). */
export const xavierUniform: Initializer = (out, context) => {
  const [post = 1, pre = 1] = context.shape;
  const bound = Math.sqrt(6 / (post + pre));
  uniform(-bound, bound)(out, context);
};

/** N(0, 2 / (post + pre)) (Glorot and Bengio, 2010). */
export const xavierNormal: Initializer = (out, context) => {
  const [post = 1, pre = 1] = context.shape;
  normal(Math.sqrt(2 / (post + pre)))(out, context);
};
