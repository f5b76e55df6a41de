/** Prints sums in lanes; a term that is a product is multiplied and added in one instruction. */
import type { Node } from "../../program/node.ts";
import type { Position } from "../../schedule/index.ts";
import type { Walk } from "../walk_expression.ts";
import { type Binding, type FunctionWriter, inLanes } from "./function_writer.ts";

/** Ways to write a sum. */
export interface Sums {
  /** An addition as one multiply-add in lanes, or undefined if neither side is a product. */
  fused(node: Node, position: Position): Binding | undefined;
  /** The text of `start` + a value, in lanes. */
  accumulate(start: string, node: Node, position: Position): string;
}

/**
 * Makes the sums of one pass.
 *
 * @param isOpen whether a value is neither in memory nor computed yet.
 */
export function createSums(
  writer: FunctionWriter,
  walk: Walk<Binding>,
  isOpen: (node: Node, position: Position) => boolean,
): Sums {
  /** The factors of a product that is not computed yet, and that belongs to the innermost loop. */
  function factors(node: Node, position: Position): [Binding, Binding] | undefined {
    if (node.operation.op !== "multiply" || !isOpen(node, position)) return undefined;
    const [a, b] = node.inputs.map((input) => walk(input, position)) as [Binding, Binding];
    const wide = a.kind === "v128" || b.kind === "v128";
    // An outer loop computes the product once; fusing would compute it at every turn.
    return wide && Math.max(a.level, b.level) === writer.depth() ? [a, b] : undefined;
  }

  function addLanes(start: string, node: Node, position: Position): string {
    const product = factors(node, position);
    if (!product) return `(f32x4.add ${start} ${inLanes(walk(node, position), writer).text})`;
    const [a, b] = product.map((factor) => inLanes(factor, writer).text);
    return `(FMA ${a} ${b} ${start})`;
  }

  function fused(node: Node, position: Position): Binding | undefined {
    const [first, second] = node.inputs as [Node, Node];
    const [start, product] = factors(second, position) ? [first, second] : [second, first];
    if (!factors(product, position)) return undefined;
    const text = inLanes(walk(start, position), writer).text;
    return writer.bind(addLanes(text, product, position), "v128", writer.depth());
  }

  /** Adds the terms of a sum one by one, if the sum itself is not computed yet. */
  function accumulate(start: string, node: Node, position: Position): string {
    if (node.operation.op !== "add" || !isOpen(node, position)) {
      return addLanes(start, node, position);
    }
    const [first, second] = node.inputs as [Node, Node];
    return accumulate(accumulate(start, first, position), second, position);
  }

  return { fused, accumulate };
}
