/**
 * Walks the expression of a value down to what lies in memory. Every backend that generates code uses
 * this walk; its printer says how elements are named and written.
 */
import type { Draw, Node } from "../program/node.ts";
import type { Shape } from "../axes.ts";
import type { ElementwiseOp } from "../program/operations.ts";
import { constantIndex, type Index, inputPosition, type Position } from "../schedule/index.ts";
import type { Place } from "../schedule/pass.ts";

/** One part of a concatenation. */
export interface Part<Text> {
  readonly value: Text;
  /** The index in the concatenation that follows the last element of the part. */
  readonly end: number;
}

/** How a backend writes expressions; `Text` stands for an element that is written already. */
export interface ExpressionPrinter<Text> {
  /** The element, if it is written already and the code at this point can use it. */
  recall(node: Node, position: Position): Text | undefined;
  /** Keeps an element for `recall`. */
  remember(node: Node, position: Position, text: Text): void;
  constant(value: number): Text;
  load(place: Place, position: Position): Text;
  /** An index as a float. */
  index(index: Index, position: Position): Text;
  /** The number of the step as a float. */
  step(position: Position): Text;
  /** A random number of a value of a shape, at the step that is running. */
  random(draw: Draw, shape: Shape, position: Position): Text;
  /** An elementwise operation; the printer walks the inputs of the node. */
  elementwise(op: ElementwiseOp, node: Node, position: Position): Text;
  /** The index in a part of a concatenation, from the index in the whole. */
  partIndex(index: Index, part: { start: number; length: number }): Index;
  /** Chooses the part that an index falls into; parts come lazily, from the last to the first. */
  concat(parts: Iterable<Part<Text>>, position: Position): Text;
}

const FIRST = constantIndex(0);

/** Writes the element of a value at a position, unless it is written already. */
export type Walk<Text> = (node: Node, position: Position) => Text;

/**
 * Makes the walk of one pass.
 *
 * @param places where the values of other passes lie.
 * @param computed the values that this pass computes: they are not read from `places`.
 * @returns the walk. It throws TypeError at a reduction of another pass that has no memory.
 */
export function createWalk<Text>(
  printer: ExpressionPrinter<Text>,
  { places, computed }: { places: ReadonlyMap<Node, Place>; computed: ReadonlySet<Node> },
): Walk<Text> {
  function walk(node: Node, at: Position): Text {
    // What sequences share is the same in each of them.
    const position = node.hasBatchAxis ? at : { ...at, sequence: FIRST };
    // A constant needs no name.
    if (node.operation.op === "constant") return write(node, position);
    const earlier = printer.recall(node, position);
    if (earlier !== undefined) return earlier;
    const text = write(node, position);
    printer.remember(node, position, text);
    return text;
  }

  function write(node: Node, position: Position): Text {
    const { operation } = node;
    if (operation.op === "load") return printer.load({ slot: operation.slot }, position);
    const place = places.get(node);
    if (place && !computed.has(node)) return printer.load(place, position);
    switch (operation.op) {
      case "constant":
        return printer.constant(operation.value);
      case "iota":
        return printer.index(position.element[0]!, position);
      case "step":
        return printer.step(position);
      case "sequence":
        return printer.index(position.sequence, position);
      case "random":
        return printer.random(operation, node.shape, position);
      case "concat":
        return printer.concat(partsOf(node, position), position);
      case "reduce":
      case "matmul":
        throw new TypeError(`Value ${node.id} is reduced by another pass and has no memory`);
      case "broadcast":
      case "reshape":
      case "transpose":
      case "slice":
      case "perSequence":
      case "stopGradient":
        return walk(node.inputs[0]!, inputPosition(node, position));
      default:
        return printer.elementwise(operation.op, node, position);
    }
  }

  function* partsOf(node: Node, position: Position): Generator<Part<Text>> {
    let end = node.shape[0]!;
    for (const part of node.inputs.toReversed()) {
      const length = part.shape[0]!;
      const start = end - length;
      const index = printer.partIndex(position.element[0]!, { start, length });
      yield { value: walk(part, { ...position, element: [index] }), end };
      end = start;
    }
  }

  return walk;
}
