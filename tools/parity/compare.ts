/** How far two tensors are apart. */
export interface Comparison {
  /** rms(ours - expected) / rms(expected); the largest |ours| where all expected are 0. */
  readonly error: number;
  readonly passed: boolean;
}

const ZERO_BOUND = 1e-7;

/**
 * Relative RMS difference; a tensor that is 0 everywhere in `expected` must be so in `ours`.
 *
 * @throws RangeError if the lengths differ.
 */
export function compareTensors(
  ours: ArrayLike<number>,
  expected: ArrayLike<number>,
  bound: number,
): Comparison {
  if (ours.length !== expected.length) {
    throw new RangeError(`Expected ${expected.length} values, got ${ours.length}`);
  }
  let difference = 0;
  let size = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (ours[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
    // Not Math.max alone: NaN must count as larger than anything.
    largest = Number.isNaN(ours[i]!) ? NaN : Math.max(largest, Math.abs(ours[i]!));
  }
  if (size === 0) return { error: largest, passed: largest < ZERO_BOUND };
  const error = Math.sqrt(difference / size);
  return { error, passed: error < bound };
}
