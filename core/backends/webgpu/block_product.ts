/**
 * Prints a product of matrices for a CPU: a lane owns a block of the results, and reads what it needs of a row or of
 * a column once for several of them. Nothing waits: a barrier costs a CPU more than it saves.
 */
import type { Node } from "../../program/node.ts";
import { type IndexSymbol, lanePosition, positionKey, symbols } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import type { LaneText } from "./emit_visits.ts";
import { indexText } from "./address.ts";
import { createExpressions, type EmitContext } from "./expressions.ts";
import { type Grid, gridSymbols, gridValues, insideTest, tiledGrid } from "./grid.ts";
import { laneCount, laneSymbols, prefixedIndices, symbolValues } from "./lane_axes.ts";
import { createLaneWriter, type LaneWriter } from "./lane_writer.ts";
import { movedTo, type Product, type Term } from "./product.ts";
import { nestedLoops } from "./reduction_loop.ts";
import { startSums } from "./sums.ts";
import { type Turns, writeTurns } from "./sequences_in_turn.ts";

/** Lanes of a workgroup: one vector of a CPU. */
export const BLOCK_LANES = 8;

/**
 * Sums that a lane keeps, at most: the more it keeps, the less it reads for each. What is stored is text for each of
 * them, which takes a driver long to compile: short sums are not worth it.
 */
const [MOST_SUMS, MOST_SHORT_SUMS, SHORT] = [288, 64, 64];
/** Rows or columns of them that all lanes have in common, at most. */
const MOST_UNIFORM = 16;

/**
 * The grid of lanes over the results of a product. Neighbouring lanes have neighbours in memory, columns of the results,
 * if there are enough of them; else rows.
 */
export function blockGrid({ rows, columns, loops }: Product, sums: number): Grid {
  const sides = [laneCount(rows), laneCount(columns)] as const;
  const isWide = columns.at(-1)!.symbol === symbols.column && sides[1] >= 2 * BLOCK_LANES;
  const [wide, other] = isWide ? [1, 0] : [0, 1];
  const vectors = Math.ceil(sides[wide!]! / BLOCK_LANES);
  // Two tiles at least: a CPU has several cores.
  const room = (laneCount(loops) < SHORT ? MOST_SHORT_SUMS : MOST_SUMS) / sums;
  const most = Math.min(room, Math.ceil(vectors * sides[other!]! / 2));
  /** As few tiles as there can be, of the same size. */
  const owned = (side: number, most: number) => Math.ceil(side / Math.ceil(side / most));
  const own = [0, 0];
  own[wide!] = owned(vectors, Math.ceil(1.25 * Math.sqrt(most)));
  own[other!] = owned(sides[other!]!, Math.min(MOST_UNIFORM, Math.floor(most / own[wide!]!)));
  const lanes = isWide ? [1, BLOCK_LANES] as const : [BLOCK_LANES, 1] as const;
  return tiledGrid("g", sides, { lanes, owned: own as [number, number] });
}

const prefixOf = ({ name }: IndexSymbol): string => `${name}_`;

/** Statements that define the symbols of a grid, and those of the axes of its rows and columns. */
export const blockSymbols = ({ rows, columns }: Product, grid: Grid): string[] => [
  ...gridSymbols(grid),
  ...([[rows, grid.rows], [columns, grid.columns]] as const).flatMap(([axes, owned]) =>
    owned.flatMap((each) => laneSymbols(axes, { number: each.name, prefix: prefixOf(each) }))
  ),
];

/** The index of the first row of a block, of the rows of each owner or sequence. */
export const firstRow = ({ rows }: Product, grid: Grid): string =>
  indexText(prefixedIndices(rows, prefixOf(grid.rows[0]!)).get(symbols.row)!);

/** The values that these statements give the symbols, by name. */
export function blockValues(
  { rows, columns }: Product,
  grid: Grid,
  { lane, tile }: { lane: number; tile: number },
): Map<string, number> {
  const numbers = gridValues(grid, lane, tile);
  return new Map(
    ([[rows, grid.rows], [columns, grid.columns]] as const).flatMap(([axes, owned]) =>
      owned.flatMap((each) => [...symbolValues(axes, numbers.get(each.name)!, prefixOf(each))])
    ),
  );
}

/**
 * The statements of a lane; the kernel has defined the symbols of the block.
 *
 * @param inTurn as of `Turns`.
 */
export function emitBlock(
  pass: Pass,
  product: Product,
  { grid, inTurn, context }: { grid: Grid; inTurn: Turns["inTurn"]; context: EmitContext },
): LaneText {
  const writer = createLaneWriter(context.elements);
  writeTurns(writer, inTurn, () => emitSums(writer, pass, product, { grid, context }));
  return writer;
}

/** The statements of a block: its sums, and what is stored of them. */
function emitSums(
  writer: LaneWriter,
  pass: Pass,
  product: Product,
  { grid, context }: { grid: Grid; context: EmitContext },
): void {
  const { rows, columns, loops } = product;
  const expressions = createExpressions(writer, pass, context);
  const nameOf = (node: Node, row: IndexSymbol, column: IndexSymbol) =>
    `s${node.id}_${row.name}_${column.name}`;
  startSums(
    writer,
    pass,
    (node) => grid.rows.flatMap((row) => grid.columns.map((column) => nameOf(node, row, column))),
  );
  const textOf = (terms: readonly Term[]): string => {
    const texts = terms.map(({ node, position }) => expressions.value(node, position));
    return texts.length === 1 ? texts[0]! : writer.bind(texts.join(" * "), terms[0]!.position);
  };
  const visit = writer.visit(laneCount(loops), () => {
    for (const node of pass.reduced) {
      const left = grid.rows.map((row) =>
        textOf(product.factors(node, prefixedIndices(rows, prefixOf(row)))[0])
      );
      const right = grid.columns.map((column) =>
        textOf(product.factors(node, prefixedIndices(columns, prefixOf(column)))[1])
      );
      grid.rows.forEach((row, down) =>
        grid.columns.forEach((column, across) => {
          const sum = nameOf(node, row, column);
          writer.push(`${sum} = fma(${left[down]}, ${right[across]}, ${sum});`);
        })
      );
    }
  });
  for (const line of nestedLoops(visit, loops.map(({ extent }) => extent))) writer.push(line);
  const lane = lanePosition(pass.domain.shape.length);
  for (const row of grid.rows) {
    for (const column of grid.columns) {
      const indices = new Map([
        ...prefixedIndices(rows, prefixOf(row)),
        ...prefixedIndices(columns, prefixOf(column)),
      ]);
      const position = movedTo(indices, lane);
      for (const node of pass.reduced) {
        writer.remember(positionKey(node, position), position, nameOf(node, row, column));
      }
      const test = insideTest(grid, row, column);
      const texts = pass.stores.map(({ value, to }) =>
        [to, expressions.value(value, position)] as const
      );
      for (const [to, text] of texts) writer.store(to, position, { text, test });
    }
  }
}
