/** Distributions from scores, shifted by the largest score so that nothing overflows. */
import type { Value } from "../elementwise.ts";
import { add, div, sub } from "./arithmetic.ts";
import { exp, log } from "./functions.ts";
import { stopGradient } from "./movement.ts";
import { max, sum } from "./reductions.ts";

/**
 * log Σ exp(x_i): vector(n) -> scalar.
 *
 * @throws RangeError unless it is a vector.
 * @example
 * const loss = sub(logSumExp(scores), dot(scores, target)); // cross-entropy of a one-hot target
 */
export function logSumExp(x: Value): Value {
  const shift = stopGradient(max(x));
  return add(shift, log(sum(exp(sub(x, shift)))));
}

/**
 * exp(x_i) / Σ exp(x_j): vector(n) -> vector(n), positive and of sum 1.
 *
 * @throws RangeError unless it is a vector.
 * @example
 * const p = softmax(matvec(w, y)); // probabilities of n symbols
 */
export function softmax(x: Value): Value {
  const powers = exp(sub(x, stopGradient(max(x))));
  return div(powers, sum(powers));
}
