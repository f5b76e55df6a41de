/** Activation functions that are made of others; any shape, the result has the same. */
import type { Operand, Value } from "../elementwise.ts";
import { abs, add, clamp, div, less, mul, where } from "./arithmetic.ts";
import { expm1, sigmoid, toFinite } from "./functions.ts";

/**
 * x where it is positive, else slope · x. The slope at 0 is that of the negative side.
 *
 * @throws RangeError if shapes do not fit together.
 * @example
 * const hidden = leakyRelu(matvec(w, x)); // vector(n)
 * const parametric = leakyRelu(x, slope); // a slope that is learned
 */
export const leakyRelu = (x: Value, slope: Operand = 0.01): Value =>
  where(less(0, x), x, mul(slope, x));

/**
 * x where it is positive, else α (e^x - 1). The slope at 0 is α; with α = 1 there is no kink.
 *
 * Source: D.-A. Clevert, T. Unterthiner and S. Hochreiter (2016), "Fast and accurate deep network learning by
 * exponential linear units", ICLR.
 *
 * @throws RangeError if shapes do not fit together.
 * @example
 * const hidden = elu(matvec(w, x)); // vector(n), above -1
 */
export const elu = (x: Value, alpha: Operand = 1): Value =>
  where(less(0, x), x, mul(alpha, expm1(x)));

/**
 * x · sigmoid(x), also called swish; 0 at -infinity.
 *
 * Source: S. Elfwing, E. Uchibe and K. Doya (2018), "Sigmoid-weighted linear units for neural network
 * function approximation in reinforcement learning", Neural Networks 107.
 *
 * @example
 * const hidden = silu(matvec(w, x)); // vector(n)
 */
export const silu = (x: Value): Value => gated(x, sigmoid);

/**
 * `gelu` by tanh, within 5e-4 of it: x / 2 · (1 + tanh(√(2 / π) (x + 0.044715 x³))); 0 at -infinity.
 *
 * Source: D. Hendrycks and K. Gimpel (2016), "Gaussian error linear units".
 *
 * @example
 * const hidden = geluTanh(matvec(w, x)); // as networks that were trained with it need it
 */
export const geluTanh = (x: Value): Value =>
  gated(x, (y) => {
    const cubic = mul(y, add(1, mul(0.044715, y, y)));
    // (1 + tanh z) / 2 is sigmoid(2 z), which keeps its digits far below 0.
    return sigmoid(mul(2 * Math.sqrt(2 / Math.PI), cubic));
  });

/**
 * x / (1 + |x|), in [-1, 1]; its slope at 0 is 1.
 *
 * Source: J. Turian, J. Bergstra and Y. Bengio (2009), "Quadratic features and deep architectures for
 * chunking".
 *
 * @example
 * const y = softsign(add(matvec(w, x), b)); // vector(n), approaches 1 more slowly than tanh
 */
export function softsign(x: Value): Value {
  const finite = toFinite(x);
  return div(finite, add(1, abs(finite)));
}

/** Beyond it a gate is 0 or 1, in float64 too. */
const FAR = 1000;

/** x · gate(x), for a gate that goes from 0 to 1: the gate of an infinity is no number to multiply it with. */
function gated(x: Value, gate: (x: Value) => Value): Value {
  const near = clamp(x, -FAR, FAR);
  return where(less(x, FAR), mul(near, gate(near)), x);
}
