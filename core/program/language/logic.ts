/**
 * Comparisons, and conditions made of conditions. A condition holds where it is not 0, and so where it
 * is NaN. No gradient flows through.
 */
import { elementwise, graphOf, lift, type Operand, type Value } from "../elementwise.ts";
import { equal, less, lessEqual, sub, where } from "./arithmetic.ts";

/**
 * 1 where a > b, else 0. No gradient flows through.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together; TypeError if both are numbers.
 * @example
 * const spike = greater(potential, threshold); // vector(n), scalar -> vector(n)
 */
export const greater = (a: Operand, b: Operand): Value => less(b, a);

/**
 * 1 where a >= b, else 0. No gradient flows through.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together; TypeError if both are numbers.
 * @example
 * const late = greaterEqual(stepIndex(x), 10); // 0 in the first ten steps
 */
export const greaterEqual = (a: Operand, b: Operand): Value => lessEqual(b, a);

/**
 * 1 where a is not b, else 0; NaN is not equal to anything. No gradient flows through.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together; TypeError if both are numbers.
 * @example
 * const wrong = notEqual(argmax(output), target); // 1 where the choice is wrong
 */
export const notEqual = (a: Operand, b: Operand): Value => sub(1, equal(a, b));

/**
 * 1 where all conditions hold (are not 0), else 0.
 *
 * @returns the common shape of the conditions.
 * @throws RangeError if their shapes do not fit together; TypeError if all are numbers.
 * @example
 * const inside = and(less(-1, x), less(x, 1)); // 1 between -1 and 1
 */
export const and = (...conditions: readonly Operand[]): Value =>
  combined("and", conditions, (all, each) => where(all, holds(each), 0));

/**
 * 1 where any condition holds (is not 0), else 0.
 *
 * @returns the common shape of the conditions.
 * @throws RangeError if their shapes do not fit together; TypeError if all are numbers.
 * @example
 * const ends = or(equal(symbol, 0), equal(stepIndex(x), 9)); // scalar
 */
export const or = (...conditions: readonly Operand[]): Value =>
  combined("or", conditions, (any, each) => where(any, 1, holds(each)));

/**
 * 1 where a condition does not hold (is 0), else 0; any shape.
 *
 * @example
 * const silent = not(spike); // vector(n)
 */
export const not = (condition: Value): Value => equal(condition, 0);

const holds = (condition: Value): Value => elementwise("subtract", 1, equal(condition, 0));

function combined(
  name: string,
  conditions: readonly Operand[],
  combine: (first: Value, second: Value) => Value,
): Value {
  const graph = graphOf(name, conditions);
  const [first, ...rest] = conditions.map((condition) => lift(graph, condition));
  return rest.reduce(combine, holds(first!));
}
