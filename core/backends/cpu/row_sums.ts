/**
 * Strategies `rowSums` and `vectorSum`: reductions along a row, whose elements are neighbours in memory.
 * They are summed in the lanes of a pair of vectors, then across the lanes.
 */
import {
  constantIndex,
  type Index,
  type Position,
  symbolIndex,
  symbols,
  visitedPosition,
} from "../../schedule/index.ts";
import { alongRow, vectorsOf } from "./along_row.ts";
import { LANE } from "./function_writer.ts";
import { finishSums, placeOfSum } from "./kept_sums.ts";
import { fourRowSums, pairSum, rowSum } from "./lane_sums.ts";
import {
  accumulator,
  combineOf,
  finish,
  overRows,
  type PassBody,
  positionAt,
  rowsOfCall,
  scratch,
  visit,
} from "./pass_body.ts";
import { pairScratch, rowBlocks } from "./pass_strategy.ts";
import { PAIR, rowSize, WIDTH } from "./row_size.ts";

/** Writes a pass that reduces a vector to a number. */
export function vectorSum(body: PassBody): void {
  const { pass, writer, expressions } = body;
  const [sums] = reduceRows(body, [
    (column) => visitedPosition(pass.reduced[0]!, positionAt(), [column]),
  ]);
  pass.reduced.forEach((node, index) => {
    const text = numberOf(body, sums![index]!, combineOf(node));
    expressions.define(node, positionAt(), writer.bind(text, "f32", 0));
  });
  finish(body, [positionAt()]);
}

/**
 * Writes a pass that reduces a matrix to one number per row. The numbers are kept in scratch memory until
 * all rows are done; then they are used a pair of vectors at a time.
 */
export function rowSums(body: PassBody): void {
  const { pass, places, columns: rows } = body;
  const blocks = rowBlocks(rows, pass, places);
  overRows(body, rowsOfCall(rows), blocks, (block) => {
    const positions = block.map((row) => (column: Index) =>
      visitedPosition(pass.reduced[0]!, positionAt(row), [column])
    );
    keepSums(body, reduceRows(body, positions));
  });
  finishRows(body);
}

/** The accumulators of a reduction of a row: of the vectors of a pair, or of the only column. */
type RowSum = readonly string[];

/** Visits rows of the operand. @returns accumulators by row, then by reduction. */
function reduceRows(
  body: PassBody,
  rows: readonly ((column: Index) => Position)[],
): RowSum[][] {
  const { pass: { reduced, reduction }, writer } = body;
  const length = reduction!.lengths[0]!;
  const parts = Math.min(2, vectorsOf(length));
  const sums = rows.map(() =>
    reduced.map((node) => Array.from({ length: parts }, () => accumulator(body, node, length > 1)))
  );
  alongRow(writer, { length, tile: 2 }, (columns) => {
    rows.forEach((positionOf, row) =>
      visit(
        body,
        columns.map(({ index, wide, left }, part) => ({
          position: positionOf(index),
          sums: sums[row]!.map((ofNode) => ofNode[part]!),
          wide,
          left,
        })),
      )
    );
  });
  return sums;
}

/** The reduced number of one row, f32. */
function numberOf({ pass, writer }: PassBody, sums: RowSum, combine: "add" | "max"): string {
  return pass.reduction!.lengths[0] === 1
    ? `(local.get ${sums[0]!})`
    : rowSum(pairSum(sums, combine, writer), combine);
}

/**
 * Stores the sums of a block of rows in scratch memory. Before, the accumulators are stored side by side,
 * though nobody reads them: V8 joins pairs that end in two neighbouring stores.
 */
function keepSums(body: PassBody, sums: readonly RowSum[][]): void {
  const { pass, writer } = body;
  const isWide = pass.reduction!.lengths[0]! > 1;
  const pairs = pairScratch(pass);
  pass.reduced.forEach((node, index) => {
    const combine = combineOf(node);
    const ofNode = sums.map((row) => row[index]!);
    ofNode.forEach((parts, row) => {
      if (parts.length < 2) return;
      parts.forEach((part, vector) => {
        const index = constantIndex(PAIR * row + WIDTH * vector);
        const place = scratch(body, { from: pairs, index, bytes: 16 });
        writer.push(`(v128.store ${place} (local.get ${part}))`);
      });
    });
    const keep = (row: number, kind: "f32" | "v128", text: string) => {
      const place = placeOfSum(body, index, { index: symbolIndex(symbols.row, row), kind });
      writer.push(`(${kind}.store ${place} ${text})`);
    };
    if (!isWide || ofNode.length === 1) {
      ofNode.forEach((parts, row) => keep(row, "f32", numberOf(body, parts, combine)));
      return;
    }
    for (let first = 0; first < ofNode.length; first += WIDTH) {
      const four = ofNode.slice(first, first + WIDTH).map((parts) =>
        pairSum(parts, combine, writer)
      );
      keep(first, "v128", fourRowSums(four, combine, writer));
    }
  });
}

/** Computes and stores what needs the sums of the rows of this call, a pair of vectors at a time. */
function finishRows(body: PassBody): void {
  const { writer, columns: rows } = body;
  if (rows === 1) return finishSums(body, [{ index: constantIndex(0), wide: false }]);
  const tile = Math.min(2, vectorsOf(rows));
  // The last pair of rows may be filled in part; its rows belong to one call.
  const step = tile * WIDTH;
  const most = rowSize(rows) - step;
  writer.loop(LANE, { from: "(local.get $lo)", to: "(local.get $hi)", step, most }, () => {
    const parts = Array.from({ length: tile }, (_, part) => symbolIndex(LANE, part * WIDTH));
    finishSums(body, parts.map((index) => ({ index, wide: true })));
  });
}
