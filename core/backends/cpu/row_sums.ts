/**
 * Strategies `rowSums` and `vectorSum`: reductions along a row, whose elements are neighbours in memory.
 * They are summed in four lanes, then across the lanes.
 */
import {
  type Index,
  type IndexSymbol,
  type Position,
  symbolIndex,
  symbols,
  visitedPosition,
} from "../../schedule/index.ts";
import { LANE, SINGLE } from "./function_writer.ts";
import { fourRowSums, type RowSum, rowSum } from "./lane_sums.ts";
import {
  accumulator,
  alongRow,
  combineOf,
  finish,
  number,
  overRows,
  type PassBody,
  positionAt,
  scratch,
  visit,
} from "./pass_body.ts";
import { MOST_ROWS, rowBlocks, WIDTH } from "./pass_strategy.ts";

/** Writes a pass that reduces a vector to a number. */
export function vectorSum(body: PassBody): void {
  const { pass, writer, expressions } = body;
  const [sums] = reduceRows(body, {
    rows: 1,
    positionOf: (_, column) => visitedPosition(pass.reduced[0]!, positionAt(), [column]),
  });
  pass.reduced.forEach((node, index) => {
    const text = rowSum(sums![index]!, combineOf(node));
    expressions.define(node, positionAt(), writer.bind(text, "f32", 0));
  });
  finish(body, [positionAt()]);
}

/**
 * Writes a pass that reduces a matrix to one number per row. The numbers are kept in scratch memory until
 * all rows are done; then they are used four at a time.
 */
export function rowSums(body: PassBody): void {
  const { pass, places, columns: rows } = body;
  const blocks = rowBlocks(rows, pass, places);
  overRows(body, { from: "(local.get $lo)", to: "(local.get $hi)", blocks }, (block) => {
    const sums = reduceRows(body, {
      rows: block.length,
      positionOf: (row, column) =>
        visitedPosition(pass.reduced[0]!, positionAt(block[row]!), [column]),
    });
    keepSums(body, sums);
  });
  finishRows(body);
}

/** Visits a block of rows of the operand. @returns accumulators by row, then by reduction. */
function reduceRows(
  body: PassBody,
  { rows, positionOf }: {
    rows: number;
    positionOf: (row: number, column: Index) => Position;
  },
): RowSum[][] {
  const { pass: { reduced, reduction } } = body;
  const length = reduction!.lengths[0]!;
  const wideLength = Math.floor(length / WIDTH) * WIDTH;
  const accumulators = (wide: boolean) =>
    Array.from({ length: rows }, () => reduced.map((node) => accumulator(body, node, wide)));
  const wides = wideLength > 0 ? accumulators(true) : undefined;
  const singles = wideLength < length ? accumulators(false) : undefined;
  alongRow(body, { length, tile: rows === MOST_ROWS ? 2 : 1 }, (columns, wide) => {
    for (const column of columns) {
      for (let row = 0; row < rows; row++) {
        const sums = (wide ? wides : singles)![row]!;
        visit(body, positionOf(row, column), { sums, wide });
      }
    }
  });
  return Array.from(
    { length: rows },
    (_, row) =>
      reduced.map((_, index) => ({
        wide: wides?.[row]?.[index],
        single: singles?.[row]?.[index],
      })),
  );
}

/** Stores the sums of a block of rows in scratch memory. */
function keepSums({ pass, writer, columns: rows }: PassBody, sums: readonly RowSum[][]): void {
  pass.reduced.forEach((node, index) => {
    const combine = combineOf(node);
    const ofNode = sums.map((row) => row[index]!);
    const keep = (row: number, kind: string, text: string) => {
      const offset = 4 * (index * rows + row);
      writer.push(`(${kind}.store offset=${offset} ${scratch(symbols.row)} ${text})`);
    };
    if (ofNode.length === 1) return keep(0, "f32", rowSum(ofNode[0]!, combine));
    for (let first = 0; first < ofNode.length; first += WIDTH) {
      const four = ofNode.slice(first, first + WIDTH);
      keep(first, "v128", fourRowSums(four, combine, writer));
    }
  });
}

/** Computes and stores what needs the sums of the rows of this call, four rows at a time. */
function finishRows(body: PassBody): void {
  const { pass, writer, expressions, columns: rows } = body;
  const rowWise = (symbol: IndexSymbol, kind: "v128" | "f32") => () => {
    const position = positionAt(symbolIndex(symbol));
    pass.reduced.forEach((node, index) => {
      const text = `(${kind}.load offset=${4 * index * rows} ${scratch(symbol)})`;
      expressions.define(node, position, writer.bind(text, kind, writer.levelOf(symbol)));
    });
    finish(body, [position]);
  };
  // The rows after the last four belong to the last band, and are always done one by one.
  const wide = number(Math.floor(rows / WIDTH) * WIDTH);
  const [lo, hi] = ["(local.get $lo)", "(local.get $hi)"];
  const wideEnd = `(select ${hi} ${wide} (i32.lt_u ${hi} ${wide}))`;
  const end = `(select ${hi} ${wide} (i32.eq ${hi} ${number(rows)}))`;
  writer.loop(LANE, { from: lo, to: wideEnd, step: WIDTH }, rowWise(LANE, "v128"));
  if (rows % WIDTH > 0) {
    writer.loop(SINGLE, { from: wide, to: end, step: 1 }, rowWise(SINGLE, "f32"));
  }
}
