/** The relative error of arrays, and an assertion on it. */
import assert from "node:assert/strict";

/** rms(actual - expected) / rms(expected), with a floor under the denominator. */
export function relativeRms(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { floor = 1e-6 }: { floor?: number } = {},
): number {
  if (actual.length !== expected.length) {
    throw new RangeError(`Expected ${expected.length} numbers, got ${actual.length}`);
  }
  let [difference, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
  }
  return Math.sqrt(difference) / Math.max(Math.sqrt(size), floor * Math.sqrt(expected.length));
}

/** Fails unless the relative rms error is a number within the bound. */
export function assertNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { bound, what }: { bound: number; what: string },
): void {
  const error = relativeRms(actual, expected);
  const show = (values: ArrayLike<number>) => Array.from(values).slice(0, 6).join(", ");
  assert.ok(
    error <= bound,
    `${what}: relative rms ${error}, expected at most ${bound}\n  actual   ${
      show(actual)
    }\n  expected ${show(expected)}`,
  );
}
