/** Distributions from scores, shifted by the largest score so that nothing overflows. */
import type { Value } from "../elementwise.ts";
import { add, div, equal, sub, where } from "./arithmetic.ts";
import { exp, expm1, log1p, toFinite } from "./functions.ts";
import { stopGradient } from "./movement.ts";
import { max, sum } from "./reductions.ts";

/**
 * log Σ exp(x_i): vector(n) -> scalar. Its gradient is `softmax(x)`, which equal scores share, infinite ones
 * too. What the largest score is exceeded by keeps its digits: 2.1e-9 for (0, -20).
 *
 * @throws RangeError unless it is a vector.
 * @example
 * const loss = sub(logSumExp(scores), gather(scores, target)); // cross-entropy, nats
 */
export function logSumExp(x: Value): Value {
  const { largest, difference } = belowLargest(x);
  // Σ exp(d_i) - 1. Of the largest scores exp(d) is 1; all but one of these ones are counted.
  const isLargest = equal(difference, 0);
  const rest = sum(where(isLargest, expm1(difference), exp(difference)));
  return add(largest, log1p(add(rest, sub(sum(isLargest), 1))));
}

/**
 * exp(x_i) / Σ exp(x_j): vector(n) -> vector(n), positive and of sum 1. Infinite scores share all of it.
 *
 * @throws RangeError unless it is a vector.
 * @example
 * const p = softmax(matvec(w, y)); // probabilities of n symbols
 */
export function softmax(x: Value): Value {
  const powers = exp(belowLargest(x).difference);
  return div(powers, sum(powers));
}

/** The largest score, a number as far as gradients are concerned, and what scores differ from it by. */
function belowLargest(x: Value): { largest: Value; difference: Value } {
  const largest = stopGradient(max(x));
  return { largest, difference: sub(toFinite(x), toFinite(largest)) };
}
