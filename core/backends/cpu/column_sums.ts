/**
 * Strategy `columnSums`: reduces every column of a matrix. The sums are kept in scratch memory, so that
 * the rows are read once, in the order in which they lie.
 */
import { type Index, type LinearIndex, visitedPosition } from "../../schedule/index.ts";
import {
  accumulator,
  alongRow,
  finish,
  number,
  overRows,
  type PassBody,
  positionAt,
  scratch,
  visit,
} from "./pass_body.ts";
import { rowBlocks } from "./pass_strategy.ts";

/** A column, or four neighbouring ones (`wide`). */
interface Column {
  readonly index: LinearIndex;
  readonly wide: boolean;
}

/** Writes a pass that reduces a matrix to one number per column. */
export function columnSums(body: PassBody): void {
  const { pass, places, columns } = body;
  const rows = pass.reduction!.operand[0]!;
  const alongColumns = (forColumn: (column: Column) => void) =>
    alongRow(
      body,
      { length: columns, tile: 1 },
      ([index], wide) => forColumn({ index: index!, wide }),
    );

  alongColumns((column) => startSums(body, column));
  const blocks = rowBlocks(rows, pass, places);
  overRows(
    body,
    { from: number(0), to: number(rows), blocks },
    (block) => alongColumns((column) => addRows(body, block, column)),
  );
  alongColumns((column) => finishColumn(body, column));
}

const kindOf = ({ wide }: Column) => wide ? "v128" : "f32";

/** The address of a column's sum; `reduction` is the number of the reduction in its pass. */
function placeOf({ columns }: PassBody, { index }: Column, reduction: number): string {
  const offset = 4 * (reduction * columns + index.offset);
  return `offset=${offset} ${index.symbol ? scratch(index.symbol) : "(global.get $scratch)"}`;
}

const loadSum = (body: PassBody, column: Column, reduction: number): string =>
  `(${kindOf(column)}.load ${placeOf(body, column, reduction)})`;

function storeSum(body: PassBody, column: Column, reduction: number, local: string): void {
  const place = placeOf(body, column, reduction);
  body.writer.push(`(${kindOf(column)}.store ${place} (local.get ${local}))`);
}

function startSums(body: PassBody, column: Column): void {
  body.pass.reduced.forEach((node, reduction) =>
    storeSum(body, column, reduction, accumulator(body, node, column.wide))
  );
}

/** Adds the elements that a block of rows has in a column. */
function addRows(body: PassBody, block: readonly Index[], column: Column): void {
  const { pass: { reduced }, writer } = body;
  const sums = reduced.map((_, reduction) => {
    const local = writer.local(kindOf(column));
    writer.push(`(local.set ${local} ${loadSum(body, column, reduction)})`);
    return local;
  });
  for (const row of block) {
    const position = visitedPosition(reduced[0]!, positionAt(column.index), [row]);
    visit(body, position, { sums, wide: column.wide });
  }
  sums.forEach((sum, reduction) => storeSum(body, column, reduction, sum));
}

function finishColumn(body: PassBody, column: Column): void {
  const { pass: { reduced }, writer, expressions } = body;
  const position = positionAt(column.index);
  reduced.forEach((node, reduction) => {
    const sum = loadSum(body, column, reduction);
    expressions.define(node, position, writer.bind(sum, kindOf(column), writer.depth()));
  });
  finish(body, [position]);
}
