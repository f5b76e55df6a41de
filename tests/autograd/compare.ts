/** Numbers of a device beside those of PyTorch. */
import assert from "node:assert/strict";
import { isFull } from "./full.ts";
import { numbersOf, type Stored } from "./description.ts";

/** What PyTorch gives. */
export interface ExpectedTensor {
  readonly values: readonly Stored[];
  /** How far each number moves, at first order, as every operation on the way has a relative error of 1. */
  readonly spread: readonly number[];
  /** Positions at which NaN is right too: 0 times infinity in an outer product. */
  readonly mayBeNaN?: readonly number[];
}

/** How exact a device is. */
export interface Precision {
  /** Relative error of a number. */
  readonly relative: number;
  /** Error in units of the spread of a number, which is large where large numbers cancel. */
  readonly ofSpread: number;
  /** Absolute error, whatever the number. */
  readonly floor: number;
}

/**
 * float64 on the host: some 200 and 2000 times the rounding of one operation. PyTorch's own log-sigmoid has
 * absolute errors of 2.2e-16 in its tail.
 */
export const float64: Precision = { relative: 5e-14, ofSpread: 5e-13, floor: 1e-15 };
/**
 * float32 on a device, whose functions have relative errors of up to 1e-6; a spread is drawn, not the worst.
 * The slope 1 - y² of a saturated tanh has the absolute error of y.
 */
export const float32: Precision = { relative: 2e-6, ofSpread: 1e-5, floor: 6e-8 };

/** The error of a number as a share of what the precision allows; infinite if it is another special value. */
export function shareOfAllowed(
  actual: number,
  expected: number,
  { spread, precision }: { spread: number; precision: Precision },
): number {
  if (!Number.isFinite(expected) || !Number.isFinite(actual)) {
    return Object.is(actual, expected) ? 0 : Infinity;
  }
  const { relative, ofSpread, floor } = precision;
  const allowed = relative * Math.abs(expected) + ofSpread * spread + floor;
  return Math.abs(actual - expected) / allowed;
}

/** What was compared. */
export class Comparison {
  /** The worst error as a share of what is allowed. */
  worst = 0;
  /** Numbers that are not as expected, one a line. */
  readonly wrong: string[] = [];
  /** How many numbers were compared. */
  count = 0;

  constructor(readonly precision: Precision) {}

  tensor(
    what: string,
    actual: ArrayLike<number>,
    { values, spread, mayBeNaN = [] }: ExpectedTensor,
  ): void {
    if (values.length % actual.length !== 0) {
      this.wrong.push(`${what}: ${actual.length} numbers, expected ${values.length}`);
    }
    numbersOf(values).forEach((number, index) => {
      this.count++;
      // What sequences share is there once.
      const found = actual[index % actual.length]!;
      if (Number.isNaN(found) && mayBeNaN.includes(index)) return;
      const { precision } = this;
      const share = shareOfAllowed(found, number, { spread: spread[index]!, precision });
      if (share > 1) {
        this.wrong.push(`${what}, number ${index}: ${found}, expected ${number} (${share})`);
      } else this.worst = Math.max(this.worst, share);
    });
  }

  /** Fails if a number is wrong, and names each; or if next to nothing was compared. */
  assertRight(): void {
    if (isFull) console.log(`${this.count} numbers, worst error ${this.worst} of what is allowed`);
    assert.ok(this.count > 50, `only ${this.count} numbers were compared`);
    assert.equal(this.wrong.length, 0, this.wrong.join("\n"));
  }
}
