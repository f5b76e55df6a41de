/** Logarithms of probabilities, of which 0 is one. */
import { graphOf, lift, type Operand, type Value } from "../elementwise.ts";
import { equal, mul, neg, where } from "./arithmetic.ts";
import { type Axis, expectKnownAxis } from "./axis.ts";
import { log } from "./functions.ts";
import { sum } from "./reductions.ts";

/**
 * x log y, element by element; 0 where x is 0, whatever y is. The slopes are 0 there, too.
 *
 * @returns the common shape of both.
 * @throws RangeError if their shapes do not fit together; TypeError if both are numbers.
 * @example
 * const divergence = sum(sub(xlogy(p, p), xlogy(p, q))); // Kullback-Leibler, nats
 */
export function xlogy(x: Operand, y: Operand): Value {
  const graph = graphOf("xlogy", [x, y]);
  const factor = lift(graph, x);
  return where(equal(factor, 0), 0, mul(factor, log(lift(graph, y))));
}

/**
 * -Σ p log p in nats, of all elements (any shape -> scalar) or over an axis: matrix(m, n) -> vector(m)
 * over "pre", vector(n) over "post". What is 0 adds nothing, and has the slope 0.
 *
 * @throws RangeError if the value does not have the axis.
 * @example
 * const uncertainty = entropy(softmax(logits)); // 0 to log n
 * const each = entropy(softmax(scores, "pre"), "pre"); // matrix(m, n) -> vector(m)
 */
export function entropy(p: Value, axis?: Axis): Value {
  expectKnownAxis("entropy", p, axis);
  return neg(sum(xlogy(p, p), axis));
}
