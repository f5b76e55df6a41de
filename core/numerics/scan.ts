/** A scan of the whole float32 range, for the TypeScript twins and for a device's own results. */
import type { ElementaryFunctionName } from "./elementary_functions.ts";
import { float64Functions } from "./float64_functions.ts";

const SMALLEST_NORMAL = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;
/** Bit patterns between samples: a prime, so that every octave gets other mantissas. */
const STRIDE = 21_467;
const NEIGHBOURS = [-3, -2, -1, 0, 1, 2, 3];
/** Where an implementation changes branch, saturates or passes through zero. */
const POINTS = [
  ...[0.5, 1, Math.SQRT1_2, Math.SQRT2, 0.7517915, 9.02, 3.92, 13.1, 13.14, 13.34, 13.4],
  ...[87.3, 87.33654, 88, 88.02969, 88.72284, 89, 103.97208, LARGEST, 2 ** -149],
];

/**
 * About 310 000 finite float32 values of both signs: every 21 467th bit pattern with subnormals, all
 * powers of two and all points of interest with their neighbours, an even grid on [-16, 16].
 */
export function scanInputs(): Float32Array {
  const patterns = new Set<number>();
  const addWithNeighbours = (center: number) => {
    for (const offset of NEIGHBOURS) patterns.add(Math.max(0, center + offset));
  };
  for (let pattern = 0; pattern < 0x7f800000; pattern += STRIDE) patterns.add(pattern);
  for (let pattern = 0; pattern < 0x7f800000; pattern += 0x00800000) addWithNeighbours(pattern);
  for (const point of POINTS) addWithNeighbours(bitsOf(point));
  // From the exponent of ln 2 multiples: where exp's reduction is the closest to changing n.
  for (let n = 1; n <= 130; n++) {
    addWithNeighbours(bitsOf(n * Math.LN2));
    addWithNeighbours(bitsOf(Math.sqrt(2 * n * Math.LN2)));
  }
  for (let step = 0; step < 50_000; step++) patterns.add(bitsOf(16 * step / 50_000));
  const finite = [...patterns].filter((pattern) => pattern < 0x7f800000).sort((a, b) => a - b);
  const bits = Uint32Array.from(finite.flatMap((pattern) => [pattern, (pattern | 1 << 31) >>> 0]));
  return new Float32Array(bits.buffer);
}

function bitsOf(x: number): number {
  return new Uint32Array(Float32Array.of(x).buffer)[0]!;
}

/** The worst sample of a scan. */
export interface WorstError {
  /** |actual - expected| / scale; Infinity if `actual` is NaN or infinite and should not be. */
  readonly error: number;
  readonly input: number;
  readonly expected: number;
  readonly actual: number;
}

/**
 * The worst of `outputs`, the float32 values that a function gave for `inputs`, relative to the
 * float64 result. A result that is subnormal in float32 may be anything up to the smallest normal
 * number (the next float32 included); one beyond the largest number may be that or infinite. The
 * scale of `geluDerivative`, which passes through zero, is Phi(x) + |x| phi(x). Of `log`, arguments
 * <= 0 are left out.
 * RangeError when the lengths differ.
 */
export function worstRelativeError(
  name: ElementaryFunctionName,
  inputs: Float32Array,
  outputs: Float32Array,
): WorstError {
  if (inputs.length !== outputs.length) {
    throw new RangeError(
      `worstRelativeError(${name}): expected ${inputs.length} outputs, got ${outputs.length}`,
    );
  }
  const reference = float64Functions[name];
  let worst: WorstError = { error: 0, input: NaN, expected: NaN, actual: NaN };
  inputs.forEach((input, index) => {
    if (name === "log" && input <= 0) return;
    const expected = reference(input);
    const actual = outputs[index]!;
    const error = errorOf(name, { input, expected, actual });
    if (error > worst.error) worst = { error, input, expected, actual };
  });
  return worst;
}

function errorOf(name: ElementaryFunctionName, sample: Omit<WorstError, "error">): number {
  const { input, expected, actual } = sample;
  if (Number.isNaN(actual)) return Infinity;
  if (Math.abs(expected) > LARGEST) {
    const saturated = Math.abs(actual) > LARGEST * (1 - 1e-6) &&
      Math.sign(actual) === Math.sign(expected);
    return saturated ? 0 : Infinity;
  }
  const scale = scaleOf(name, input, expected);
  if (scale < SMALLEST_NORMAL * (1 + 1e-6)) {
    return Math.abs(actual) <= SMALLEST_NORMAL * (1 + 1e-6) ? 0 : Infinity;
  }
  return Math.abs(actual - expected) / scale;
}

/** What the error is relative to: the result, or what cancels in it. */
function scaleOf(name: ElementaryFunctionName, x: number, expected: number): number {
  if (name !== "geluDerivative" || x >= 0) return Math.abs(expected);
  return expected - 2 * x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}
