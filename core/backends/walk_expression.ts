/**
 * Walks the expression of a value, down to what lies in memory. Every backend that makes code walks the
 * same way; what an element is called and how it is written is the business of its printer.
 */
import type { Node } from "../program/node.ts";
import type { ElementwiseOp } from "../program/operations.ts";
import { type Index, inputPosition, type Position } from "../schedule/index.ts";
import type { Place } from "../schedule/pass.ts";

/** One part of a concatenation. */
export interface Part<Text> {
  readonly value: Text;
  /** The first index of the whole that is behind the part. */
  readonly end: number;
}

/** What a backend writes; `Text` stands for an element that is written down. */
export interface ExpressionPrinter<Text> {
  /** The element if it is written down already where the code now stands. */
  recall(node: Node, position: Position): Text | undefined;
  remember(node: Node, position: Position, text: Text): void;
  constant(value: number): Text;
  load(place: Place, position: Position): Text;
  /** An index as a float. */
  index(index: Index, position: Position): Text;
  /** The number of the step as a float. */
  step(position: Position): Text;
  /** An elementwise operation of a node; the printer walks the inputs. */
  elementwise(op: ElementwiseOp, node: Node, position: Position): Text;
  /** The index in a part of a concatenation, given that in the whole. */
  partIndex(index: Index, part: { start: number; length: number }): Index;
  /** The part that an index falls into; parts come from the last to the first, each when asked for. */
  concat(parts: Iterable<Part<Text>>, position: Position): Text;
}

/** Writes the element of a value at a position down, unless it is already. */
export type Walk<Text> = (node: Node, position: Position) => Text;

/**
 * Makes the walk of one pass.
 *
 * @param places where values lie that a pass has made.
 * @param made the values that the pass itself makes: they are computed and not read.
 * @returns the walk. It throws TypeError at a reduction of another pass that has no memory.
 */
export function createWalk<Text>(
  printer: ExpressionPrinter<Text>,
  { places, made }: { places: ReadonlyMap<Node, Place>; made: ReadonlySet<Node> },
): Walk<Text> {
  function walk(node: Node, position: Position): Text {
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
    if (place && !made.has(node)) return printer.load(place, position);
    switch (operation.op) {
      case "constant":
        return printer.constant(operation.value);
      case "iota":
        return printer.index(position.element[0]!, position);
      case "step":
        return printer.step(position);
      case "sequence":
        return printer.index(position.sequence, position);
      case "concat":
        return printer.concat(partsOf(node, position), position);
      case "reduce":
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
