/** Sums in lanes; where a term is a product, it is multiplied and added at once. */
import type { Node } from "../../program/node.ts";
import type { Position } from "../../schedule/index.ts";
import type { Walk } from "../walk_expression.ts";
import { type Bound, type FunctionWriter, inLanes } from "./function_writer.ts";

/** Ways to write a sum. */
export interface Sums {
  /** An addition in lanes with one rounding, or undefined if neither side is a product. */
  fused(node: Node, position: Position): Bound | undefined;
  /** The text of `start` + a value, in lanes. */
  accumulate(start: string, node: Node, position: Position): string;
}

/**
 * Sums of one pass.
 *
 * @param isOpen whether a value is neither in memory nor computed here yet.
 */
export function createSums(
  writer: FunctionWriter,
  walk: Walk<Bound>,
  isOpen: (node: Node, position: Position) => boolean,
): Sums {
  /** The factors of a product that is used here for the first time, in the innermost loop it needs. */
  function factors(node: Node, position: Position): [Bound, Bound] | undefined {
    if (node.operation.op !== "multiply" || !isOpen(node, position)) return undefined;
    const [a, b] = node.inputs.map((input) => walk(input, position)) as [Bound, Bound];
    const wide = a.kind === "v128" || b.kind === "v128";
    // What an outer loop can compute once is not worth repeating.
    return wide && Math.max(a.level, b.level) === writer.depth() ? [a, b] : undefined;
  }

  function addLanes(start: string, node: Node, position: Position): string {
    const product = factors(node, position);
    if (!product) return `(f32x4.add ${start} ${inLanes(walk(node, position), writer).text})`;
    const [a, b] = product.map((factor) => inLanes(factor, writer).text);
    return `(FMA ${a} ${b} ${start})`;
  }

  function fused(node: Node, position: Position): Bound | undefined {
    const [first, second] = node.inputs as [Node, Node];
    const [start, product] = factors(second, position) ? [first, second] : [second, first];
    if (!factors(product, position)) return undefined;
    const text = inLanes(walk(start, position), writer).text;
    return writer.bind(addLanes(text, product, position), "v128", writer.depth());
  }

  /** Takes the terms of a sum one by one, if nothing else has asked for the sum. */
  function accumulate(start: string, node: Node, position: Position): string {
    if (node.operation.op !== "add" || !isOpen(node, position)) {
      return addLanes(start, node, position);
    }
    const [first, second] = node.inputs as [Node, Node];
    return accumulate(accumulate(start, first, position), second, position);
  }

  return { fused, accumulate };
}
