/** The accuracy of each library function, and arguments to test it over the whole float32 range. */
import { type LibraryOp, meaningOf, operations } from "../../program/operations.ts";

/** Largest error of a library function, relative to `Accuracy.scale`. */
export const ERROR_BOUND = 1e-6;

/** What a library function is held to. */
export interface Accuracy {
  /** Its values at -Infinity, 0 and Infinity, where all operands are the same. */
  readonly limits: readonly [number, number, number];
  /** Whether the bound holds for these arguments; default: for all. */
  readonly covers?: (...operands: readonly number[]) => boolean;
  /** What the error is relative to; default: the size of the result. */
  readonly scale?: (expected: number, ...operands: readonly number[]) => number;
}

const SINE_HIGHEST = 8192;
const isSineArgument = (x: number | undefined): boolean => Math.abs(x!) <= SINE_HIGHEST;

export const accuracy: Readonly<Record<LibraryOp, Accuracy>> = {
  exp: { limits: [0, 1, Infinity] },
  expm1: { limits: [-1, 0, Infinity] },
  log: { limits: [NaN, -Infinity, Infinity], covers: (x) => x! > 0 },
  tanh: { limits: [-1, 0, 1] },
  sigmoid: { limits: [0, 0.5, 1] },
  log1p: { limits: [NaN, 0, Infinity], covers: (x) => x! > -1 },
  // An absolute error, since multiples of π are no float32 numbers; for sin a relative one near 0.
  cos: { limits: [NaN, 1, NaN], covers: isSineArgument, scale: () => 1 },
  sin: {
    limits: [NaN, 0, NaN],
    covers: isSineArgument,
    scale: (expected, x) => Math.abs(x!) < Math.PI / 4 ? Math.abs(expected) : 1,
  },
  gelu: { limits: [0, 0, Infinity] },
  softplus: { limits: [0, Math.LN2, Infinity] },
  hypot: { limits: [Infinity, 0, Infinity] },
  // exp(b log a): the exponential multiplies the errors of its argument by the size of the argument.
  pow: {
    limits: [NaN, 1, Infinity],
    covers: (a) => a! >= 0,
    scale: (expected, a, b) =>
      expected === 0 ? 0 : expected * (1 + (b === 0 ? 0 : Math.abs(b! * Math.log(a!)) / 4)),
  },
  // It is 0 at -0.7518: the error is relative to Phi(x) + |x| phi(x), the size of what cancels there.
  geluDerivative: {
    limits: [0, 0.5, 1],
    scale: (expected, x) =>
      x! >= 0 ? expected : expected - 2 * x! * Math.exp(-x! * x! / 2) / Math.sqrt(2 * Math.PI),
  },
};

const SMALLEST_NORMAL = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;
/** Bit patterns between samples: a prime, so that every octave gets other mantissas. */
const STRIDE = 21_467;
const NEIGHBOURS = [-3, -2, -1, 0, 1, 2, 3];
/** Where an implementation changes branch, saturates or passes through zero. */
const POINTS = [
  ...[Math.SQRT1_2 - 1, Math.SQRT2 - 1],
  ...[0.5, 1, Math.SQRT1_2, Math.SQRT2, 0.7517915, 9.02, 13.1, 13.14, 13.34, 13.4],
  ...[87.3, 87.33654, 88, 88.02969, 88.72284, 89, 103.97208, LARGEST, 2 ** -149],
];

type Column = Float32Array<ArrayBuffer>;

/**
 * Two columns of operands, of equal length. The first one covers the float32 range. The second one is
 * such that powers of the first cover it too.
 */
export function scanColumns(): readonly [Column, Column] {
  const first = scanInputs();
  const simple = [0, 1, 2, 0.5, -1, 3, -0.5, 1.5, 1e-3, 10];
  const second = first.map((x, index) => {
    if (!(x > 0 && x !== 1) || index % 4 === 0) return simple[index % simple.length]!;
    // An even spread of exponents of e, by steps of the golden ratio.
    return 176 * ((index * 0.6180339887) % 1 - 0.5) / Math.log(x);
  });
  return [first, second];
}

/** The columns for the operands of an operation. */
export const columnsOf = (op: LibraryOp, columns: readonly Column[]): readonly Column[] =>
  columns.slice(0, operations[op].arity);

/**
 * About 310 000 finite float32 values of both signs: every 21 467th bit pattern, subnormals included, all
 * powers of two and `POINTS` with their neighbours, and an even grid on [-16, 16].
 */
function scanInputs(): Column {
  const patterns = new Set<number>();
  const addWithNeighbours = (center: number) => {
    for (const offset of NEIGHBOURS) patterns.add(Math.max(0, center + offset));
  };
  for (let pattern = 0; pattern < 0x7f800000; pattern += STRIDE) patterns.add(pattern);
  for (let pattern = 0; pattern < 0x7f800000; pattern += 0x00800000) addWithNeighbours(pattern);
  for (const point of POINTS) addWithNeighbours(bitsOf(point));
  // Multiples of ln 2, where exp changes n; gelu does at the roots.
  for (let n = 1; n <= 130; n++) {
    addWithNeighbours(bitsOf(n * Math.LN2));
    addWithNeighbours(bitsOf(Math.sqrt(2 * n * Math.LN2)));
  }
  // Where sin changes its quadrant, and its unit.
  for (let n = 1; n * Math.PI / 4 < SINE_HIGHEST; n += 3) {
    addWithNeighbours(bitsOf(n * Math.PI / 4));
  }
  for (const point of [128, SINE_HIGHEST]) addWithNeighbours(bitsOf(point));
  for (let step = 0; step < 50_000; step++) patterns.add(bitsOf(16 * step / 50_000));
  const finite = [...patterns].filter((pattern) => pattern < 0x7f800000).sort((a, b) => a - b);
  const bits = Uint32Array.from(finite.flatMap((pattern) => [pattern, (pattern | 1 << 31) >>> 0]));
  return new Float32Array(bits.buffer);
}

function bitsOf(x: number): number {
  return new Uint32Array(Float32Array.of(x).buffer)[0]!;
}

/** The sample with the largest error. */
export interface WorstError {
  /** |actual - expected| / scale; Infinity if `actual` is NaN or infinite and should not be. */
  readonly error: number;
  readonly operands: readonly number[];
  readonly expected: number;
  readonly actual: number;
}

/**
 * The sample of `outputs`, the float32 results of a function for columns of operands, with the largest
 * error. Where the exact result is subnormal, any result up to the smallest normal number is right.
 * Where it is beyond the largest float32, that number and infinity are right.
 *
 * @throws RangeError if the lengths differ.
 */
export function worstError(
  op: LibraryOp,
  columns: readonly Float32Array[],
  outputs: Float32Array,
): WorstError {
  if (columns.some(({ length }) => length !== outputs.length)) {
    throw new RangeError(
      `worstError(${op}): expected ${columns[0]!.length} outputs, got ${outputs.length}`,
    );
  }
  const { covers = () => true, scale = (expected) => Math.abs(expected) } = accuracy[op];
  let worst: WorstError = { error: 0, operands: [], expected: NaN, actual: NaN };
  outputs.forEach((actual, index) => {
    const operands = columns.map((column) => column[index]!);
    if (!covers(...operands)) return;
    const expected = meaningOf(op)(...operands);
    const error = errorOf(actual, expected, scale(expected, ...operands));
    if (!(error <= worst.error)) worst = { error, operands, expected, actual };
  });
  return worst;
}

function errorOf(actual: number, expected: number, scale: number): number {
  if (Number.isNaN(actual)) return Infinity;
  const size = Math.abs(expected);
  const error = Math.abs(actual - expected) / scale;
  if (error <= ERROR_BOUND) return error;
  /** By how much the size of the result may be wrong. */
  const slack = Number.isFinite(size) ? ERROR_BOUND * scale : ERROR_BOUND;
  const isBelow = size < SMALLEST_NORMAL + slack;
  if (isBelow && Math.abs(actual) <= SMALLEST_NORMAL * (1 + ERROR_BOUND)) return 0;
  const relative = Number.isFinite(size) ? slack / size : slack;
  const isBeyond = size * (1 + relative) > LARGEST && Math.sign(actual) === Math.sign(expected);
  if (isBeyond && Math.abs(actual) > LARGEST * (1 - relative)) return 0;
  return Number.isFinite(error) ? error : Infinity;
}
