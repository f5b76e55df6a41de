/** Prints indices as WebAssembly. */
import type { Index, IndexSymbol, LinearIndex } from "../../schedule/index.ts";
import type { FunctionWriter } from "./function_writer.ts";

/** An index as symbol + offset. @throws TypeError if it is clamped, which this backend never makes. */
export function linear(index: Index): LinearIndex {
  if ("clamped" in index) throw new TypeError("Expected a symbol and an offset");
  return index;
}

/** Whether an index stands for four neighbours. */
export const hasLanes = (index: Index | undefined): boolean =>
  index !== undefined && linear(index).symbol?.kind === "lanes";

/** The value of a symbol, i32. */
export const symbolText = ({ kind, name }: IndexSymbol): string =>
  `(${kind === "thread" ? "global" : "local"}.get $${name})`;

/** An index as text. */
export interface IndexText {
  readonly text: string;
  /** Depth of the loop in which the index changes. */
  readonly level: number;
  readonly lanes: boolean;
}

/** The text of an index: an i32, or a vector of four. */
export function indexText(index: Index, writer: FunctionWriter): IndexText {
  const { symbol, offset } = linear(index);
  if (!symbol) return { text: `(i32.const ${offset})`, level: 0, lanes: false };
  const level = writer.levelOf(symbol);
  if (symbol.kind !== "lanes") {
    return { text: `(i32.add ${symbolText(symbol)} (i32.const ${offset}))`, level, lanes: false };
  }
  const lanes = [0, 1, 2, 3].map((lane) => offset + lane).join(" ");
  const four = `(i32x4.add (i32x4.splat ${symbolText(symbol)}) (v128.const i32x4 ${lanes}))`;
  return { text: four, level, lanes: true };
}
