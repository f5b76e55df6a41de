/** Elementwise operations with broadcasting, simplified as they are built. */
import { describeShape, type Shape } from "../axes.ts";
import { addNode, broadcast, constant, constantValue, type Graph, type Node } from "./node.ts";
import type { ElementwiseOp } from "./operations.ts";
import { shapeError } from "./shape_error.ts";

/** A traced value: a scalar, vector(n) or matrix(post, pre) of one step. */
export type Value = Node;
/** What an operation takes: a traced value or a plain number. */
export type Operand = Value | number;

export function lift(graph: Graph, operand: Operand): Node {
  return typeof operand === "number" ? constant(graph, operand) : operand;
}

/** The graph of the first traced operand. */
export function graphOf(name: string, operands: readonly Operand[]): Graph {
  for (const operand of operands) if (typeof operand !== "number") return operand.graph;
  throw new TypeError(`${name}: expected at least one traced value, got only numbers`);
}

function commonShape(name: string, nodes: readonly Node[]): Shape {
  let common: Shape = [];
  for (const { shape } of nodes) {
    if (shape.length === 0) continue;
    if (common.length === 0) {
      common = shape;
      continue;
    }
    const fits = common.length === shape.length &&
      common.every((extent, axis) => extent === shape[axis] || extent === 1 || shape[axis] === 1);
    if (!fits) {
      const shapes = nodes.map((node) => describeShape(node.shape)).join(" and ");
      const hint = nodes.some((node) => node.shape.length === 1) &&
          nodes.some((node) => node.shape.length === 2)
        ? "; wrap the vector in row() or column()"
        : "";
      throw shapeError(name, `shapes do not fit together: ${shapes}${hint}`);
    }
    common = common.map((extent, axis) => Math.max(extent, shape[axis]!)) as unknown as Shape;
  }
  return common;
}

/** Applies an elementwise operation after broadcasting its operands to one shape. */
export function elementwise(op: ElementwiseOp, ...operands: readonly Operand[]): Node {
  const graph = graphOf(op, operands);
  const nodes = operands.map((operand) => lift(graph, operand));
  const shape = commonShape(op, nodes);
  const simple = simplify(op, nodes);
  if (simple !== undefined) return broadcast(lift(graph, simple), shape);
  return addNode(graph, { op }, { inputs: nodes.map((node) => broadcast(node, shape)), shape });
}

/** Rules that are exact for finite values; they keep derived gradients small. */
function simplify(op: ElementwiseOp, nodes: readonly Node[]): Operand | undefined {
  const [a, b, c] = nodes as [Node, Node, Node];
  const x = constantValue(a);
  const y = b && constantValue(b);
  switch (op) {
    case "add":
      if (x === 0) return b;
      if (y === 0) return a;
      return x !== undefined && y !== undefined ? x + y : undefined;
    case "subtract":
      if (y === 0) return a;
      if (x === 0) return elementwise("negate", b);
      return x !== undefined && y !== undefined ? x - y : undefined;
    case "multiply":
      if (x === 0 || y === 0) return 0;
      if (x === 1) return b;
      if (y === 1) return a;
      return x !== undefined && y !== undefined ? x * y : undefined;
    case "divide":
      if (x === 0) return 0;
      if (y === 1) return a;
      return x !== undefined && y !== undefined ? x / y : undefined;
    case "negate":
      if (x !== undefined) return -x;
      return a.operation.op === "negate" ? a.inputs[0] : undefined;
    case "where":
      if (x !== undefined) return x !== 0 ? b : c;
      return b === c ? b : undefined;
    default:
      return undefined;
  }
}
