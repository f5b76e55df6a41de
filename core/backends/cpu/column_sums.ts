/**
 * Strategy `columnSums`: reduces every column of a matrix. The sums are kept in scratch memory, so that
 * the rows are read once, in the order in which they lie.
 */
import { type Index, visitedPosition } from "../../schedule/index.ts";
import { alongRow, type Column, number } from "./along_row.ts";
import { finishVector, loadSums, storeSums } from "./kept_sums.ts";
import { accumulator, overRows, type PassBody, pastRows, positionAt, visit } from "./pass_body.ts";
import { rowBlocks, ROWS } from "./pass_strategy.ts";

/** Writes a pass that reduces a matrix to one number per column. */
export function columnSums(body: PassBody): void {
  const { pass, places, columns, writer } = body;
  const rows = pass.reduction!.operand[0]!;
  const alongColumns = (atColumns: (columns: readonly Column[]) => void) =>
    alongRow(writer, { length: columns, tile: 2 }, atColumns);

  alongColumns((neighbours) => {
    const start = ({ wide }: Column) => pass.reduced.map((node) => accumulator(body, node, wide));
    storeSums(body, neighbours, neighbours.map(start));
  });
  const all = { from: number(0), to: number(rows), count: rows };
  const isPast = pass.past === "loop";
  overRows(
    body,
    isPast ? pastRows(all) : all,
    isPast ? [ROWS, 1] : rowBlocks(rows, pass, places),
    (block) => alongColumns((neighbours) => addRows(body, block, neighbours)),
  );
  finishVector(body);
}

/** Adds the elements that a block of rows has in neighbouring columns. */
function addRows(body: PassBody, block: readonly Index[], columns: readonly Column[]): void {
  const sums = loadSums(body, columns);
  for (const row of block) {
    visit(
      body,
      columns.map(({ index, wide }, part) => ({
        position: visitedPosition(body.pass.reduced[0]!, positionAt(index), [row]),
        sums: sums[part]!,
        wide,
        left: undefined,
      })),
    );
  }
  storeSums(body, columns, sums);
}
