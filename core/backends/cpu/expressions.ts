/** Prints the values of a pass as WebAssembly: four floats where the position has lanes, else one. */
import type { Node, Slot } from "../../program/node.ts";
import {
  constantIndex,
  type Index,
  indexKey,
  type Position,
  positionKey,
  shifted,
  symbols,
} from "../../schedule/index.ts";
import { drawn, elementNumber } from "./draws.ts";
import type { Place } from "../../schedule/pass.ts";
import { createWalk, type ExpressionPrinter, type Part, type Walk } from "../walk_expression.ts";
import { type Binding, type FunctionWriter, inLanes } from "./function_writer.ts";
import { indexText, symbolText } from "./index_text.ts";
import { type AddressContext, createMemoryAccess, type MemoryAccess } from "./memory_access.ts";
import { literal, operationText } from "./operation_text.ts";
import { type ElementwiseOp, isLibraryFunction, libraryName } from "../../program/operations.ts";
import { inlineCall } from "../../wat/inline_calls.ts";
import { createSums, type Sums } from "./sums.ts";

/** The memory that expressions read. */
export interface ExpressionContext extends AddressContext {
  /** Where the values of other passes lie. */
  readonly places: ReadonlyMap<Node, Place>;
}

/** The values of a pass, while its function is being written. */
export interface Expressions extends Pick<MemoryAccess, "store">, Pick<Sums, "accumulate"> {
  readonly value: Walk<Binding>;
  /** States the value of a node at a position, which is then not computed. */
  define(node: Node, position: Position, binding: Binding): void;
}

/**
 * Makes the expressions of one pass; they add their statements to a function.
 *
 * @param computed the values that this pass computes.
 */
export function createExpressions(
  writer: FunctionWriter,
  computed: ReadonlySet<Node>,
  context: ExpressionContext,
): Expressions {
  const { places } = context;
  const { load, store } = createMemoryAccess(writer, context);
  const recall = (node: Node, position: Position) => writer.recall(positionKey(node, position));
  const define = (node: Node, position: Position, binding: Binding) =>
    writer.remember(positionKey(node, position), binding);
  /** The words of a key. */
  function keyOf(slot: Slot, position: Position): readonly Binding[] {
    return [0, 2].map((low) => {
      const name = `key ${slot.name} ${low} ${indexKey(position.sequence)}`;
      const earlier = writer.recall(name);
      if (earlier) return earlier;
      const halves = [low, low + 1].map((half) =>
        load({ slot }, { ...position, element: [constantIndex(half)] })
      );
      const text = `(call $hebb_random_word ${halves.map(({ text }) => text).join(" ")})`;
      const word = writer.bind(text, "i32", Math.max(...halves.map(({ level }) => level)));
      writer.remember(name, word);
      return word;
    });
  }
  const printer: ExpressionPrinter<Binding> = {
    recall,
    remember: define,
    constant(value) {
      const { scalar, lanes } = literal(value);
      return { kind: "f32", text: scalar, lanes, level: 0 };
    },
    load,
    index: (index) => floatOf(index, writer),
    step() {
      const text = `(f32.convert_i32_u ${symbolText(symbols.time)})`;
      return writer.bind(text, "f32", writer.levelOf(symbols.time));
    },
    random: (draw, shape, position) => {
      const element = elementNumber(shape, position, writer);
      return drawn(draw, { element, key: keyOf(draw.slot, position), writer });
    },
    elementwise(op, node, position) {
      const sum = op === "add" ? sums.fused(node, position) : undefined;
      if (sum) return sum;
      const operands = node.inputs.map((input) => value(input, position));
      return combine(op, operands, writer);
    },
    // Parts are read beyond their ends too.
    partIndex: (index, { start, length }) =>
      length === 1 ? constantIndex(0) : shifted(index, -start),
    concat: (parts, { element }) => choosePart(parts, element[0]!, writer),
  };
  const value = createWalk(printer, { places, computed });
  const isOpen = (node: Node, position: Position) =>
    !places.has(node) && !computed.has(node) && !recall(node, position);
  const sums = createSums(writer, value, isOpen);
  return { value, define, store, accumulate: sums.accumulate };
}

/** An elementwise operation; in lanes if one of its operands is. */
function combine(op: ElementwiseOp, operands: readonly Binding[], writer: FunctionWriter): Binding {
  const wide = operands.some(({ kind }) => kind === "v128");
  const level = Math.max(...operands.map((operand) => operand.level));
  const texts = operands.map((operand) => (wide ? inLanes(operand, writer) : operand).text);
  const text = wide && isLibraryFunction(op)
    ? inlineCall(`$${libraryName(op)}`, texts, writer.at(level))
    : operationText(op, texts, wide);
  return writer.bind(text, wide ? "v128" : "f32", level);
}

/** An index as a float, or as four floats. */
function floatOf(index: Index, writer: FunctionWriter): Binding {
  const { text, level, lanes } = indexText(index, writer);
  const convert = lanes ? "f32x4.convert_i32x4_u" : "f32.convert_i32_u";
  return writer.bind(`(${convert} ${text})`, lanes ? "v128" : "f32", level);
}

/** Reads all parts of a concatenation, and selects the one that the index falls into. */
function choosePart(parts: Iterable<Part<Binding>>, index: Index, writer: FunctionWriter): Binding {
  const { text, level, lanes } = indexText(index, writer);
  let chosen: Binding | undefined;
  for (const { value, end } of parts) {
    if (!chosen) {
      chosen = lanes ? inLanes(value, writer) : value;
      continue;
    }
    const choice = lanes
      ? `(SELECT ${inLanes(chosen, writer).text} ${
        inLanes(value, writer).text
      } (i32x4.lt_s ${text} (i32x4.splat (i32.const ${end}))))`
      : `(select ${value.text} ${chosen.text} (i32.lt_s ${text} (i32.const ${end})))`;
    const needed = Math.max(chosen.level, value.level, level);
    chosen = writer.bind(choice, lanes ? "v128" : "f32", needed);
  }
  return chosen!;
}
