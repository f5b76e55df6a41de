/**
 * Arithmetic and comparisons of elements. Operands are values or numbers and are broadcast to one
 * shape.
 */
import { elementwise, graphOf, lift, type Operand, type Value } from "../elementwise.ts";

/**
 * Sum of the terms, element by element, from left to right.
 *
 * @returns the common shape of the terms.
 * @throws RangeError if their shapes do not fit together; TypeError if all are numbers.
 * @example
 * const current = add(matvec(w, y), b, x); // three vector(n) -> vector(n)
 */
export const add = (...terms: readonly Operand[]): Value =>
  terms.slice(1).reduce<Operand>((sum, term) => elementwise("add", sum, term), terms[0]!) as Value;

/**
 * a - b, element by element.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together; TypeError if both are numbers.
 * @example
 * const error = sub(output, target); // vector(n), vector(n) -> vector(n)
 */
export const sub = (a: Operand, b: Operand): Value => elementwise("subtract", a, b);

/**
 * Product of the factors, element by element, from left to right. A factor that is the plain number 0 switches
 * the product off: it is 0 whatever the others are. A traced 0 times NaN or infinity is NaN.
 *
 * @returns the common shape of the factors.
 * @throws RangeError if their shapes do not fit together; TypeError if all are numbers.
 * @example
 * const masked = mul(w, row(mask)); // matrix(m, n), matrix(1, n) -> matrix(m, n)
 */
export const mul = (...factors: readonly Operand[]): Value =>
  factors.slice(1).reduce<Operand>(
    (product, factor) => elementwise("multiply", product, factor),
    factors[0]!,
  ) as Value;

/**
 * a / b, element by element. If a is the plain number 0 the quotient is 0 whatever b is; a traced 0 / 0 is NaN.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together; TypeError if both are numbers.
 * @example
 * const share = div(x, sum(x)); // vector(n), scalar -> vector(n)
 */
export const div = (a: Operand, b: Operand): Value => elementwise("divide", a, b);

/**
 * -x, element by element; any shape.
 *
 * @example
 * const decay = exp(neg(rate)); // e^-rate
 */
export const neg = (x: Value): Value => elementwise("negate", x);

/**
 * x², element by element; any shape.
 *
 * @example
 * const energy = sum(square(y)); // vector(n) -> scalar
 */
export const square = (x: Value): Value => elementwise("multiply", x, x);

/**
 * a^b of a >= 0, element by element: 1 where b is 0. NaN where a is negative, whatever b is. The slope in a at
 * a = 0 is finite for b >= 1. In float32 the relative error is below 1e-6 (1 + |b log a| / 4):
 * 2.3e-5 where the result is close to the largest or smallest number.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together; TypeError if both are numbers.
 * @example
 * const discount = pow(gamma, stepIndex(x)); // scalar, scalar -> scalar
 */
export const pow = (a: Operand, b: Operand): Value => elementwise("pow", a, b);

/**
 * |x|, element by element; any shape. The slope at 0 is 0; `smoothAbs` has no kink there.
 *
 * @example
 * const size = abs(w); // matrix(m, n) -> matrix(m, n)
 */
export const abs = (x: Value): Value => elementwise("abs", x);

/**
 * -1, 0 or 1, element by element, and NaN of NaN; any shape. No gradient flows through.
 *
 * @example
 * const spin = sign(y); // vector(n) of -1, 0, 1
 */
export const sign = (x: Value): Value => elementwise("sign", x);

/**
 * The largest whole number that is not above x; any shape. No gradient flows through.
 *
 * @example
 * const block = floor(div(stepIndex(x), 8)); // 0 for 8 steps, then 1
 */
export const floor = (x: Value): Value => elementwise("floor", x);

/**
 * The larger of two, element by element; NaN where one is. Unless a is larger, as where both are equal, the
 * gradient goes to b.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together; TypeError if both are numbers.
 * @example
 * const floorOfRate = maximum(rate, 0.01);
 */
export const maximum = (a: Operand, b: Operand): Value => elementwise("maximum", a, b);

/**
 * The smaller of two, element by element; NaN where one is. Unless a is smaller, as where both are equal, the
 * gradient goes to b.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together; TypeError if both are numbers.
 * @example
 * const capped = minimum(rate, 1);
 */
export const minimum = (a: Operand, b: Operand): Value => elementwise("minimum", a, b);

/**
 * x, kept between two bounds; NaN stays NaN. At a bound and beyond, the gradient goes to the bound.
 *
 * @returns the common shape of all three.
 * @throws RangeError if their shapes do not fit together.
 * @example
 * const bounded = clamp(w, -1, 1); // matrix(m, n) -> matrix(m, n)
 */
export const clamp = (x: Value, low: Operand, high: Operand): Value =>
  minimum(maximum(x, low), high);

/**
 * rate * b + (1 - rate) * a: moves from a to b as rate goes from 0 to 1.
 *
 * @returns the common shape of all three.
 * @throws RangeError if their shapes do not fit together; TypeError if all are numbers.
 * @example
 * const trace = lerp(outer(post, pre), hebb, eta); // eta hebb + (1 - eta) post ⊗ pre
 */
export const lerp = (a: Operand, b: Operand, rate: Operand): Value => {
  const graph = graphOf("lerp", [a, b, rate]);
  return add(mul(lift(graph, rate), b), mul(sub(lift(graph, 1), rate), a));
};

/**
 * 1 where a < b, else 0. No gradient flows through.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together; TypeError if both are numbers.
 * @example
 * const early = less(stepIndex(x), 10); // 1 in the first ten steps
 */
export const less = (a: Operand, b: Operand): Value => elementwise("less", a, b);

/**
 * 1 where a <= b, else 0. No gradient flows through.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together; TypeError if both are numbers.
 * @example
 * const below = lessEqual(y, threshold); // vector(n), scalar -> vector(n)
 */
export const lessEqual = (a: Operand, b: Operand): Value => elementwise("lessEqual", a, b);

/**
 * 1 where a = b, else 0. No gradient flows through.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together; TypeError if both are numbers.
 * @example
 * const winner = equal(y, max(y)); // vector(n), scalar -> vector(n)
 */
export const equal = (a: Operand, b: Operand): Value => elementwise("equal", a, b);

/**
 * `yes` where the condition is not 0, else `no`. A condition that is NaN is not 0.
 *
 * What is not chosen may be infinite or NaN. No gradient comes through it either, though the slope there is
 * infinite (that of a root, logarithm, quotient or power at 0). The exception is a product of a weight with
 * such a value inside `matvec`, `vecmat`, `matmul` or `outer`: the weight's gradient is then 0 times infinity, NaN.
 *
 * @returns the common shape of all three.
 * @throws RangeError if their shapes do not fit together; TypeError if all are numbers.
 * @example
 * const next = where(recall, y, previous); // scalar, vector(n), vector(n) -> vector(n)
 */
export const where = (condition: Operand, yes: Operand, no: Operand): Value =>
  elementwise("where", condition, yes, no);

/**
 * 1 where the stored number is neither NaN nor infinite, else 0; any shape.
 *
 * @example
 * const broken = sub(8, sum(finite(w))); // how many of 8 weights are not finite
 */
export const finite = (x: Value): Value => elementwise("finite", x);
