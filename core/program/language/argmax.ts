/** Where the extremes are. */
import type { Value } from "../elementwise.ts";
import { equal, neg, where } from "./arithmetic.ts";
import { along, type Axis, expectAxis, extentOf, spread } from "./axis.ts";
import { iota } from "./generated.ts";
import { stopGradient } from "./movement.ts";
import { max, min } from "./reductions.ts";

/**
 * The index of the largest element, the first of equal ones: vector(n) -> scalar, or over an axis of a
 * matrix(m, n) -> vector(m) over "pre", vector(n) over "post". NaN if any of the elements is NaN. No gradient
 * flows through.
 *
 * @throws RangeError of a scalar, or of a matrix without an axis.
 * @example
 * const choice = argmax(logits); // vector(n) -> scalar
 * const right = equal(choice, target); // 1 where the choice is right
 */
export function argmax(x: Value, axis?: Axis): Value {
  expectAxis("argmax", x, axis);
  const fixed = stopGradient(x);
  const largest = max(fixed, axis);
  const count = extentOf(x.shape, axis);
  const positions = along(iota(x, count), x, axis);
  const first = min(where(equal(fixed, spread(largest, axis)), positions, count), axis);
  return where(equal(largest, largest), first, largest);
}

/**
 * The index of the smallest element, the first of equal ones: vector(n) -> scalar, or over an axis of a
 * matrix(m, n) -> vector(m) over "pre", vector(n) over "post". NaN if any of the elements is NaN. No gradient
 * flows through.
 *
 * @throws RangeError of a scalar, or of a matrix without an axis.
 * @example
 * const nearest = argmin(distances); // vector(n) -> scalar
 * const each = argmin(table, "pre"); // matrix(m, n) -> vector(m), one a row
 */
export function argmin(x: Value, axis?: Axis): Value {
  expectAxis("argmin", x, axis);
  return argmax(neg(x), axis);
}
