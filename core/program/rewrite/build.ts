import { addNode, broadcast, constant, type Graph, type Node } from "../node.ts";
import { isElementwise } from "../operations.ts";
import { type Expression, simplified } from "./identities.ts";

/**
 * The node of an expression, made smaller by identities first. Operands of an elementwise operation are
 * repeated to the shape of the result.
 */
export function build(graph: Graph, expression: Expression): Node {
  const { operation, inputs, shape } = expression;
  const simpler = simplified(expression, (inner) => build(graph, inner));
  if (simpler !== undefined) {
    return broadcast(typeof simpler === "number" ? constant(graph, simpler) : simpler, shape);
  }
  const operands = isElementwise(operation.op)
    ? inputs.map((input) => broadcast(input, shape))
    : inputs;
  return addNode(graph, operation, { inputs: operands, shape });
}
