/** The difference of two tensors. */
export interface Comparison {
  /** rms(ours - expected) / rms(expected), or the largest |ours| if every expected value is 0. */
  readonly error: number;
  readonly passed: boolean;
}

const ZERO_BOUND = 1e-7;

/**
 * Relative RMS difference. Where `expected` is 0 everywhere, `ours` must be (nearly) 0 too.
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
    // NaN counts as larger than anything; Math.max alone would not keep it.
    largest = Number.isNaN(ours[i]!) ? NaN : Math.max(largest, Math.abs(ours[i]!));
  }
  if (size === 0) return { error: largest, passed: largest < ZERO_BOUND };
  const error = Math.sqrt(difference / size);
  return { error, passed: error < bound };
}
