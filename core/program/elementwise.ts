/** Elementwise operations, whose operands are repeated to one shape. */
import { describeShape, type Shape } from "../axes.ts";
import { CodeError } from "../code_error.ts";
import { constant, type Graph, type Node } from "./node.ts";
import type { ElementwiseOp } from "./operations.ts";
import { build } from "./rewrite/build.ts";
import { shapeError } from "./shape_error.ts";

/** A traced value: a scalar, vector(n) or matrix(post, pre) of one step. */
export type Value = Node;
/** What an operation takes: a traced value or a plain number. */
export type Operand = Value | number;

/** Whether something is a traced value, which JavaScript and a misspelt name do not say. */
export const isValue = (thing: unknown): thing is Value =>
  typeof thing === "object" && thing !== null && "graph" in thing && "operation" in thing;

/** An operand as a node of a graph; a number becomes a constant. @throws CodeError for NaN. */
export function lift(graph: Graph, operand: Operand): Node {
  if (typeof operand !== "number") return operand;
  if (Number.isNaN(operand)) throw new CodeError("Expected a traced value or a number, got NaN");
  return constant(graph, operand);
}

/**
 * The graph of the first traced operand.
 *
 * @throws TypeError if all operands are numbers, or one is neither a number nor a traced value.
 */
export function graphOf(name: string, operands: readonly Operand[]): Graph {
  const values = operands.filter((operand) => typeof operand !== "number");
  for (const value of values) {
    if (isValue(value)) continue;
    throw new TypeError(
      `${name}: expected a traced value or a number, got ${describeThing(value)}`,
    );
  }
  const [first] = values;
  if (first) return first.graph;
  throw new TypeError(`${name}: expected at least one traced value, got only numbers`);
}

/** Something that is no value, in the words of errors. */
export const describeThing = (thing: unknown): string =>
  Array.isArray(thing)
    ? "an array"
    : typeof thing === "object" && thing !== null
    ? "an object"
    : typeof thing === "string"
    ? `the text ${JSON.stringify(thing)}`
    : typeof thing === "function"
    ? "a function"
    : String(thing);

/** The shape that all operands are repeated to. @throws RangeError if they do not fit together. */
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
      throw shapeError(name, `shapes do not fit together: ${shapes}${broadcastHint(nodes)}`);
    }
    common = common.map((extent, axis) => Math.max(extent, shape[axis]!)) as unknown as Shape;
  }
  return common;
}

/** How a vector may be repeated along a matrix: nothing says it but `row` and `column`. */
function broadcastHint(nodes: readonly Node[]): string {
  const vector = nodes.find(({ shape }) => shape.length === 1);
  const matrix = nodes.find(({ shape }) => shape.length === 2);
  if (!vector || !matrix) return "";
  const [rows, columns] = matrix.shape as readonly [number, number];
  const fits = (extent: number) => extent === 1 || extent === vector.shape[0];
  const ways = [
    ...fits(columns) ? ["row() to repeat it in every row"] : [],
    ...fits(rows) ? ["column() to repeat it in every column"] : [],
  ];
  return ways.length > 0
    ? `; wrap the vector in ${ways.join(" or ")}`
    : `; row() of ${columns} elements or column() of ${rows} would fit`;
}

/**
 * Applies an elementwise operation to operands that are repeated to one shape.
 *
 * @throws RangeError if shapes do not fit together; TypeError if all operands are numbers.
 */
export function elementwise(op: ElementwiseOp, ...operands: readonly Operand[]): Node {
  const graph = graphOf(op, operands);
  const nodes = operands.map((operand) => lift(graph, operand));
  const shape = commonShape(op, nodes);
  return build(graph, { operation: { op }, inputs: nodes, shape });
}
