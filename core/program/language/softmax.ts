/** Distributions from scores, shifted by the largest score so that nothing overflows. */
import type { Value } from "../elementwise.ts";
import { add, div, equal, sub, where } from "./arithmetic.ts";
import { type Axis, expectAxis, spread } from "./axis.ts";
import { exp, expm1, log1p, toFinite } from "./functions.ts";
import { stopGradient } from "./movement.ts";
import { max, sum } from "./reductions.ts";

/**
 * log Σ exp(x_i): vector(n) -> scalar, or over an axis of a matrix(m, n) -> vector(m) over "pre", vector(n)
 * over "post". Its gradient is `softmax(x)`, which equal scores share, infinite ones too. What the largest
 * score is exceeded by keeps its digits: 2.1e-9 for (0, -20).
 *
 * @throws RangeError of a scalar, or of a matrix without an axis.
 * @example
 * const loss = sub(logSumExp(scores), gather(scores, target)); // cross-entropy, nats
 * const energies = logSumExp(matmul(queries, keys), "pre"); // matrix(m, n) -> vector(m)
 */
export function logSumExp(x: Value, axis?: Axis): Value {
  expectAxis("logSumExp", x, axis);
  const { largest, difference } = belowLargest(x, axis);
  return add(largest, logSum(difference, axis));
}

/**
 * exp(x_i) / Σ exp(x_j): vector(n) -> vector(n), positive and of sum 1; of a matrix each row ("pre") or each
 * column ("post") for itself. Infinite scores share all of it; NaN makes all of it NaN.
 *
 * @throws RangeError of a scalar, or of a matrix without an axis.
 * @example
 * const p = softmax(matvec(w, y)); // probabilities of n symbols
 * const attention = softmax(matmul(queries, keys), "pre"); // each row has the sum 1
 */
export function softmax(x: Value, axis?: Axis): Value {
  expectAxis("softmax", x, axis);
  const powers = exp(belowLargest(x, axis).difference);
  return div(powers, spread(sum(powers, axis), axis));
}

/**
 * log(softmax(x)), accurate where that is close to 0 or 1: vector(n) -> vector(n); of a matrix each row
 * ("pre") or each column ("post") for itself. A score of -infinity counts as the lowest float32, about
 * -3.4e38, so that its probability times its logarithm is 0, not NaN.
 *
 * @throws RangeError of a scalar, or of a matrix without an axis.
 * @example
 * const logP = logSoftmax(matvec(w, y)); // vector(n), nats
 * const surprise = neg(dot(target, logP)); // cross-entropy with a distribution
 */
export function logSoftmax(x: Value, axis?: Axis): Value {
  expectAxis("logSoftmax", x, axis);
  const { difference } = belowLargest(x, axis);
  return sub(difference, spread(logSum(difference, axis), axis));
}

/** log Σ exp(d_i) of differences from the largest score, of which some are 0. */
function logSum(difference: Value, axis: Axis | undefined): Value {
  // Σ exp(d_i) - 1. Of the largest scores exp(d) is 1; all but one of these ones are counted.
  const isLargest = equal(difference, 0);
  const rest = sum(where(isLargest, expm1(difference), exp(difference)), axis);
  return log1p(add(rest, sub(sum(isLargest, axis), 1)));
}

/** The largest score, a number as far as gradients are concerned, and what scores differ from it by. */
function belowLargest(
  x: Value,
  axis: Axis | undefined,
): { largest: Value; difference: Value } {
  const largest = stopGradient(max(x, axis));
  return { largest, difference: sub(toFinite(x), spread(toFinite(largest), axis)) };
}
