/** Prints the values of a pass as WGSL; every operation gets a name. */
import type { Node } from "../../program/node.ts";
import type { Pass, Place } from "../../schedule/pass.ts";
import { positionKey } from "../../schedule/index.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import { createWalk, type ExpressionPrinter, type Walk } from "../walk_expression.ts";
import { elementText, indexText } from "./address.ts";
import type { LaneWriter } from "./lane_writer.ts";
import { literal, operationText } from "./operation_text.ts";

/** The memory that expressions read. */
export interface EmitContext {
  readonly memory: MemoryPlan;
  /** Where the values of other passes lie. */
  readonly places: ReadonlyMap<Node, Place>;
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
  { memory, places }: EmitContext,
): Expressions {
  const registers = new Map<Node, string>();
  const printer: ExpressionPrinter<string> = {
    recall: (node, position) =>
      registers.get(node) ?? writer.recall(positionKey(node, position), position),
    remember: (node, position, name) =>
      writer.remember(positionKey(node, position), position, name),
    constant: literal,
    load: (place, position) => writer.bind(elementText(memory, place, position), position),
    index: (index, position) => writer.bind(`f32(${indexText(index)})`, position),
    step: (position) => writer.bind("f32(t)", position),
    elementwise(op, node, position) {
      const operands = node.inputs.map((input) => value(input, position));
      return writer.bind(operationText(op, operands), position);
    },
    // A select evaluates both sides, so indices are kept inside their part.
    partIndex: (index, { start, length }) => ({
      clamped: index,
      from: start,
      to: start + length - 1,
      offset: -start,
    }),
    concat(parts, position) {
      const index = indexText(position.element[0]!);
      let text = "";
      for (const { value, end } of parts) {
        text = text === "" ? value : `select(${text}, ${value}, ${index} < ${end}u)`;
      }
      return writer.bind(text, position);
    },
  };
  const value = createWalk(printer, { places, computed: new Set([...reduced, ...locals]) });
  return { value, define: (node, name) => void registers.set(node, name) };
}
