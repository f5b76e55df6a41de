/**
 * Smooth stand-ins of functions with a kink, and what they are made of. A function of `abs`, `clamp` and
 * `where` has the right value at a kink of these, but seldom the right slope.
 */
import { elementwise, lift, type Operand, type Value } from "../elementwise.ts";
import { clamp, mul, neg, sub } from "./arithmetic.ts";
import { expectPositive } from "./expect.ts";

/**
 * x² / 2 for |x| <= δ, and δ (|x| - δ / 2) beyond, for δ > 0: squared error that large errors do not rule.
 * The slope is x, kept between -δ and δ.
 *
 * Source: P. J. Huber (1964), "Robust estimation of a location parameter".
 *
 * @throws RangeError if δ is a number that is not positive.
 * @example
 * const loss = sum(huber(sub(output, target), 1)); // scalar
 */
export function huber(x: Value, delta: Operand = 1): Value {
  expectPositive("huber", "delta", delta);
  // With c = clamp(x), x² / 2 and δ (|x| - δ / 2) are both c (x - c / 2). At the joint x = c, so that the
  // slope is the same whichever side a tie of the clamp takes.
  const within = clamp(x, neg(lift(x.graph, delta)), delta);
  return mul(within, sub(x, mul(within, 0.5)));
}

/**
 * √(a² + b²), element by element, without overflow or underflow on the way. The slope at (0, 0) is 0,
 * and that of an infinite operand 1 or -1, whatever the other is.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together; TypeError if both are numbers.
 * @example
 * const modulus = hypot(real, imaginary); // vector(n), vector(n) -> vector(n)
 */
export const hypot = (a: Operand, b: Operand): Value => elementwise("hypot", a, b);

/**
 * √(x² + ε²), a smooth |x| for ε > 0, without overflow or underflow on the way.
 *
 * @throws RangeError if ε is a number that is not positive.
 * @example
 * const penalty = sum(smoothAbs(w, 1e-3)); // matrix(m, n) -> scalar
 */
export function smoothAbs(x: Value, epsilon: Operand): Value {
  expectPositive("smoothAbs", "epsilon", epsilon);
  return hypot(x, epsilon);
}
