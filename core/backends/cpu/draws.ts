/** Prints random numbers as WebAssembly: four elements at a time where the position has lanes. */
import type { Shape } from "../../axes.ts";
import type { Draw } from "../../program/node.ts";
import { constantIndex, type Position, symbols } from "../../schedule/index.ts";
import type { Binding, FunctionWriter } from "./function_writer.ts";
import { type IndexText, indexText, symbolText } from "./index_text.ts";

/** The number of an element in its value, row by row; of four elements where the position has lanes. */
export function elementNumber(
  shape: Shape,
  { element }: Position,
  writer: FunctionWriter,
): IndexText {
  const parts = element.map((index) => indexText(index, writer));
  const [row = indexText(constantIndex(0), writer), column] = parts;
  if (!column) return row;
  const lanes = row.lanes || column.lanes;
  const type = lanes ? "i32x4" : "i32";
  const wide = (text: string, isWide: boolean) => lanes && !isWide ? `(i32x4.splat ${text})` : text;
  const start = `(${type}.mul ${wide(row.text, row.lanes)} ${
    wide(`(i32.const ${shape[1]})`, false)
  })`;
  return {
    text: `(${type}.add ${start} ${wide(column.text, column.lanes)})`,
    level: Math.max(row.level, column.level),
    lanes,
  };
}

/** A random number, or four; the functions are in core/wat/random.wat. */
export function drawn(
  { stream, distribution }: Draw,
  { element, key, writer }: {
    element: IndexText;
    key: readonly Binding[];
    writer: FunctionWriter;
  },
): Binding {
  const four = element.lanes ? element.text : `(i32x4.splat ${element.text})`;
  const words = key.map(({ text }) => text).join(" ");
  const call = `(call $hebb_random_${distribution} ${words} ${four} ${
    symbolText(symbols.time)
  } (i32.const ${stream}))`;
  const level = Math.max(
    element.level,
    writer.levelOf(symbols.time),
    ...key.map(({ level }) => level),
  );
  return element.lanes
    ? writer.bind(call, "v128", level)
    : writer.bind(`(f32x4.extract_lane 0 ${call})`, "f32", level);
}
