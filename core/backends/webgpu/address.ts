/** Prints indices and elements of memory as WGSL. */
import type { Index, Position } from "../../schedule/index.ts";
import type { Place } from "../../schedule/pass.ts";
import { axisIndices, type MemoryPlan, type Stride } from "../memory_plan.ts";

/** The text of a u32 plus an offset. */
function withOffset(text: string, offset: number): string {
  if (offset === 0) return text;
  return `(${text} ${offset < 0 ? "-" : "+"} ${Math.abs(offset)}u)`;
}

/** The text of an index. */
export function indexText(index: Index): string {
  if ("clamped" in index) {
    const { from, to, offset } = index;
    const text = indexText(index.clamped);
    const inside = from === 0 ? `min(${text}, ${to}u)` : `clamp(${text}, ${from}u, ${to}u)`;
    return withOffset(inside, offset);
  }
  const { symbol, offset } = index;
  if (symbol) return withOffset(symbol.name, offset);
  return offset === 0 ? "0" : `${offset}u`;
}

const isZero = (index: Index): boolean =>
  !("clamped" in index) && index.symbol === undefined && index.offset === 0;

/** The text of one element of a place, in iteration `k` and replica `r`. */
export function elementText(
  memory: MemoryPlan,
  place: Place,
  position: Position,
): string {
  const { arena, offset } = memory.regionOf(place);
  return `memory${arena}[${sumText(memory.stridesOf(place), position, offset)}]`;
}

/** The text of a first element and the way to a position. */
export function sumText(strides: readonly Stride[], position: Position, first = 0): string {
  const indices = axisIndices(position);
  const terms: string[] = first > 0 ? [`${first}u`] : [];
  for (const { axis, stride } of strides) {
    const index = indices[axis]!;
    if (isZero(index)) continue;
    terms.push(stride === 1 ? indexText(index) : `${indexText(index)} * ${stride}u`);
  }
  return terms.join(" + ") || "0u";
}
