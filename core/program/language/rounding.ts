/** Whole numbers and remainders, element by element; no gradient flows through a whole number. */
import { elementwise, graphOf, lift, type Operand, type Value } from "../elementwise.ts";
import { shapeError } from "../shape_error.ts";
import { abs, add, div, floor, less, lessEqual, mul, neg, sign, sub, where } from "./arithmetic.ts";

/**
 * The nearest whole number, of two the even one (0.5 -> 0, 1.5 -> 2); any shape. No gradient flows through.
 *
 * @example
 * const level = round(mul(y, 8)); // vector(n) of whole numbers
 */
export const round = (x: Value): Value => elementwise("round", x);

/**
 * The smallest whole number that is not below x; any shape. No gradient flows through.
 *
 * @example
 * const blocks = ceil(div(length, 8)); // 9 -> 2
 */
export const ceil = (x: Value): Value => neg(floor(neg(x)));

/**
 * a - b floor(a / b), the remainder of a division. It is closer to 0 than b, and has the sign of b: 2 for -1
 * and 3. NaN where b is 0, and where a or b is infinite. The slope is 1 in a, and -floor(a / b) in b.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together, or if b is the number 0; TypeError if both
 * are numbers.
 * @example
 * const phase = mod(stepIndex(x), 8); // 0 to 7, again and again
 */
export function mod(a: Operand, b: Operand): Value {
  if (b === 0) throw shapeError("mod", "expected b other than 0, got 0");
  const divisor = lift(graphOf("mod", [a, b]), b);
  const rest = sub(a, mul(divisor, floor(div(a, divisor))));
  // A device may round the quotient across a whole number; then the rest is one b beyond its range.
  const isBelow = less(mul(sign(rest), sign(divisor)), 0);
  const positive = where(isBelow, add(rest, divisor), rest);
  return where(lessEqual(abs(divisor), abs(positive)), sub(positive, divisor), positive);
}
