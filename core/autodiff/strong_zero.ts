/**
 * Products and quotients of a cotangent in which 0 is strong: it stays 0, though the derivative is infinite
 * or NaN. So nothing comes back through the branch that a `where` does not take, nor through a step that
 * is not judged.
 *
 * Source of the term: W. S. Moses and V. Churavy (2020), "Instead of rewriting foreign code for machine
 * learning, automatically synthesize fast gradients", NeurIPS 33 (Enzyme, option strongzero).
 */
import { elementwise } from "../program/elementwise.ts";
import { div, mul } from "../program/language.ts";
import { type Node, numberOf } from "../program/node.ts";
import { isElementwise, operations } from "../program/operations.ts";

const known = new WeakMap<Node, boolean>();

/** Whether a value may be infinite or NaN although every number in memory but the inputs is finite. */
function mayBreak(node: Node): boolean {
  const before = known.get(node);
  if (before !== undefined) return before;
  const found = breaks(node);
  known.set(node, found);
  return found;
}

function breaks({ operation, inputs, shape }: Node): boolean {
  const { op } = operation;
  // What a task writes where nothing is judged may be anything.
  if (op === "load") return operation.slot.kind === "input";
  // A vector or number along a matrix: an outer product has to stay one, to be kept as two vectors.
  if (op === "broadcast" && shape.length === 2) return false;
  if (op === "divide" && constantOf(inputs[1]!)) return mayBreak(inputs[0]!);
  if (!isElementwise(op)) return inputs.some(mayBreak);
  const { singular, ofNaN } = operations[op];
  return singular || ofNaN !== 0 && inputs.some(mayBreak);
}

/** The number that a value is everywhere. */
const constantOf = (node: Node): number | undefined =>
  numberOf(node.operation.op === "perSequence" ? node.inputs[0]! : node);

/**
 * cotangent · derivative; 0 where the cotangent is 0, if the derivative may be infinite or NaN.
 *
 * @param argument what the derivative is by, if the derivative is not made of it: where that may break, the
 * product has to be strong for second derivatives.
 */
export function times(cotangent: Node, derivative: Node, argument: Node = derivative): Node {
  return constantOf(cotangent) === undefined && (mayBreak(derivative) || mayBreak(argument))
    ? elementwise("strongProduct", cotangent, derivative)
    : mul(cotangent, derivative);
}

/** cotangent / divisor; 0 where the cotangent is 0, unless the divisor is a number. */
export function over(cotangent: Node, divisor: Node): Node {
  return constantOf(cotangent) !== undefined || constantOf(divisor)
    ? div(cotangent, divisor)
    : elementwise("strongQuotient", cotangent, divisor);
}
