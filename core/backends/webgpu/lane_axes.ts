/** How the number of a lane becomes its position: its replica, its sequence and its element. */
import type { Extents } from "../../axes.ts";
import {
  type Index,
  type IndexSymbol,
  symbolIndex,
  type SymbolKind,
  symbols,
} from "../../schedule/index.ts";
import type { Domain } from "../../schedule/pass.ts";

/** An axis of a pass, and the symbol that counts along it. */
export interface LaneAxis {
  readonly symbol: IndexSymbol;
  readonly extent: number;
}

/** The axes that a workgroup has fixed: its lanes differ only in the others. */
export type FixedAxes = ReadonlySet<IndexSymbol>;

/** The axes along which the lanes of a pass differ, outermost first. */
export function laneAxes(
  { shape, hasBatchAxis }: Domain,
  { replicas, sequences }: Extents,
  fixed: FixedAxes,
): LaneAxis[] {
  const elements = [symbols.row, symbols.column];
  return [
    { symbol: symbols.replica, extent: replicas },
    ...hasBatchAxis ? [{ symbol: symbols.sequence, extent: sequences }] : [],
    ...shape.map((extent, axis) => ({ symbol: elements[axis]!, extent })),
  ].filter(({ symbol }) => !fixed.has(symbol));
}

/** How many lanes there are. */
export const laneCount = (axes: readonly LaneAxis[]): number =>
  axes.reduce((product, { extent }) => product * extent, 1);

/** The extents of the axes inside each axis: neighbours along it are so many lanes apart. */
function insides(axes: readonly LaneAxis[]): number[] {
  return axes.map((_, position) => laneCount(axes.slice(position + 1)));
}

/** Statements that split a number, of the lane or another one, into symbols of axes; `prefix` begins their names. */
export function laneSymbols(
  axes: readonly LaneAxis[],
  { number = "e", prefix = "" }: { number?: string; prefix?: string } = {},
): string[] {
  return insides(axes).map((inside, position) => {
    const { symbol: { name }, extent } = axes[position]!;
    if (extent === 1) return `let ${prefix}${name} = 0u;`;
    const index = inside === 1 ? number : `${number} / ${inside}u`;
    return `let ${prefix}${name} = ${position === 0 ? index : `(${index}) % ${extent}u`};`;
  });
}

/** The indices that these statements define; of another kind where a loop counts the number. */
export const prefixedIndices = (
  axes: readonly LaneAxis[],
  prefix: string,
  kind?: SymbolKind,
): Map<IndexSymbol, Index> =>
  new Map(axes.map(({ symbol }) => [
    symbol,
    symbolIndex({ kind: kind ?? symbol.kind, name: `${prefix}${symbol.name}` }),
  ]));

/** The values that these statements give the symbols, by name. */
export function symbolValues(
  axes: readonly LaneAxis[],
  lane: number,
  prefix = "",
): Map<string, number> {
  return new Map(
    insides(axes).map((inside, position) => {
      const { symbol: { name }, extent } = axes[position]!;
      return [`${prefix}${name}`, Math.floor(lane / inside) % extent];
    }),
  );
}
