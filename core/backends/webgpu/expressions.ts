/** Prints the values of a pass as WGSL; every operation gets a name. */
import type { Shape } from "../../axes.ts";
import type { Node, Slot } from "../../program/node.ts";
import type { Pass, Place } from "../../schedule/pass.ts";
import {
  type ClampedIndex,
  constantIndex,
  type Index,
  indexKey,
  type LinearIndex,
  type Position,
  positionKey,
} from "../../schedule/index.ts";
import { createWalk, type ExpressionPrinter, type Walk } from "../walk_expression.ts";
import { indexText } from "./address.ts";
import type { Elements } from "./elements.ts";
import type { LaneWriter } from "./lane_writer.ts";
import { literal, operationText } from "./operation_text.ts";

/** What expressions read. */
export interface EmitContext {
  readonly elements: Elements;
  /** Where the values of other passes lie. */
  readonly places: ReadonlyMap<Node, Place>;
  /** As of `WorkgroupLimits`. */
  readonly subgroup: number;
}

/** The values of a pass, while its lane is being written. */
export interface Expressions {
  /** The name or literal of a value at a position; computes it where it is first needed. */
  readonly value: Walk<string>;
  /** States the variable that holds a value which the lane has computed. */
  define(node: Node, name: string): void;
}

/** Makes the expressions of one pass; they add their statements to a lane. */
export function createExpressions(
  writer: LaneWriter,
  { reduced, locals }: Pass,
  { places }: EmitContext,
): Expressions {
  const registers = new Map<Node, string>();
  /** The two words of a key. */
  function keyOf(slot: Slot, position: Position): string {
    const at = (half: number): Position => ({ ...position, element: [constantIndex(half)] });
    const name = `key ${slot.name} ${indexKey(position.sequence)}`;
    const earlier = writer.recall(name, at(0));
    if (earlier !== undefined) return earlier;
    const word = (low: number): string => {
      const halves = [low, low + 1].map((half) => writer.element({ slot }, at(half)));
      return `random_word(${halves.join(", ")})`;
    };
    const key = writer.bind(`vec2u(${word(0)}, ${word(2)})`, at(0));
    writer.remember(name, at(0), key);
    return key;
  }
  const printer: ExpressionPrinter<string> = {
    recall: (node, position) =>
      registers.get(node) ?? writer.recall(positionKey(node, position), position),
    remember: (node, position, name) =>
      writer.remember(positionKey(node, position), position, name),
    constant: literal,
    load: writer.load,
    index: (index, position) => writer.bind(`f32(${indexText(index)})`, position),
    step: (position) => writer.bind("f32(t)", position),
    random({ slot, stream, distribution }, shape, position) {
      const key = keyOf(slot, position);
      const element = elementNumber(shape, position);
      return writer.bind(`random_${distribution}(${key}, ${element}, t, ${stream}u)`, position);
    },
    elementwise(op, node, position) {
      const operands = node.inputs.map((input) => value(input, position));
      return writer.bind(operationText(op, operands), position);
    },
    // A select evaluates both sides, so indices are kept inside their part.
    partIndex: (index, { start, length }) =>
      insidePart(index, { from: start, to: start + length - 1, offset: -start }),
    concat(parts, position) {
      const [at] = position.element;
      const index = indexText(at!);
      let text = "";
      for (const { value, end } of parts) {
        if (isConstant(at!)) {
          if (at.offset < end) text = value;
          continue;
        }
        text = text === "" ? value : `select(${text}, ${value}, ${index} < ${end}u)`;
      }
      return isConstant(at!) ? text : writer.bind(text, position);
    },
  };
  const value = createWalk(printer, { places, computed: new Set([...reduced, ...locals]) });
  return { value, define: (node, name) => void registers.set(node, name) };
}

const isConstant = (index: Index): index is LinearIndex =>
  !("clamped" in index) && index.symbol === undefined;

/** clamp(index, from, to) + offset. */
function insidePart(index: Index, { from, to, offset }: Omit<ClampedIndex, "clamped">): Index {
  if (!isConstant(index)) return { clamped: index, from, to, offset };
  return constantIndex(Math.min(Math.max(index.offset, from), to) + offset);
}

/** The number of an element in its value, row by row. */
function elementNumber(shape: Shape, { element }: Position): string {
  const [row = constantIndex(0), column] = element;
  return column ? `(${indexText(row)}) * ${shape[1]}u + ${indexText(column)}` : indexText(row);
}
