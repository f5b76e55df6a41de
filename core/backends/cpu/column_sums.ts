/**
 * Strategy `columnSums`: reduces every column of a matrix. The sums are kept in scratch memory, so that
 * the rows are read once, in the order in which they lie.
 */
import { type Index, visitedPosition } from "../../schedule/index.ts";
import { alongRow, type Column, number } from "./along_row.ts";
import {
  accumulator,
  finish,
  overRows,
  type PassBody,
  positionAt,
  scratch,
  visit,
} from "./pass_body.ts";
import { rowBlocks, sumsScratch } from "./pass_strategy.ts";

/** Writes a pass that reduces a matrix to one number per column. */
export function columnSums(body: PassBody): void {
  const { pass, places, columns, writer } = body;
  const rows = pass.reduction!.operand[0]!;
  const alongColumns = (atColumns: (columns: readonly Column[]) => void) =>
    alongRow(writer, { length: columns, tile: 2 }, atColumns);

  alongColumns((neighbours) => startSums(body, neighbours));
  const blocks = rowBlocks(rows, pass, places);
  overRows(
    body,
    { from: number(0), to: number(rows), count: rows },
    blocks,
    (block) => alongColumns((neighbours) => addRows(body, block, neighbours)),
  );
  alongColumns((neighbours) => finishColumns(body, neighbours));
}

const kindOf = ({ wide }: Column) => wide ? "v128" : "f32";

/** The address of a column's sum; `reduction` is the number of the reduction in its pass. */
function placeOf(body: PassBody, { index, wide }: Column, reduction: number): string {
  const from = sumsScratch(body.pass, reduction);
  return scratch(body, { from, index, bytes: wide ? 16 : 4 });
}

const loadSum = (body: PassBody, column: Column, reduction: number): string =>
  `(${kindOf(column)}.load ${placeOf(body, column, reduction)})`;

/** Stores sums, those of neighbours side by side; `sums` are locals by column, then by reduction. */
function storeSums(
  body: PassBody,
  columns: readonly Column[],
  sums: readonly (readonly string[])[],
): void {
  body.pass.reduced.forEach((_, reduction) =>
    columns.forEach((column, part) => {
      const place = placeOf(body, column, reduction);
      body.writer.push(`(${kindOf(column)}.store ${place} (local.get ${sums[part]![reduction]!}))`);
    })
  );
}

function startSums(body: PassBody, columns: readonly Column[]): void {
  const sums = columns.map(({ wide }) =>
    body.pass.reduced.map((node) => accumulator(body, node, wide))
  );
  storeSums(body, columns, sums);
}

/** Adds the elements that a block of rows has in neighbouring columns. */
function addRows(body: PassBody, block: readonly Index[], columns: readonly Column[]): void {
  const { pass: { reduced }, writer } = body;
  const sums = columns.map((column) =>
    reduced.map((_, reduction) => {
      const local = writer.local(kindOf(column));
      writer.push(`(local.set ${local} ${loadSum(body, column, reduction)})`);
      return local;
    })
  );
  for (const row of block) {
    visit(
      body,
      columns.map(({ index, wide }, part) => ({
        position: visitedPosition(reduced[0]!, positionAt(index), [row]),
        sums: sums[part]!,
        wide,
        left: undefined,
      })),
    );
  }
  storeSums(body, columns, sums);
}

function finishColumns(body: PassBody, columns: readonly Column[]): void {
  const { pass: { reduced }, writer, expressions } = body;
  const positions = columns.map(({ index }) => positionAt(index));
  reduced.forEach((node, reduction) =>
    columns.forEach((column, part) => {
      const sum = loadSum(body, column, reduction);
      const binding = writer.bind(sum, kindOf(column), writer.depth());
      expressions.define(node, positions[part]!, binding);
    })
  );
  finish(body, positions);
}
