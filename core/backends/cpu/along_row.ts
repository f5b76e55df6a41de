/** Loops over the columns of a row, a few vectors of them at a time. */
import { constantIndex, type LinearIndex, symbolIndex } from "../../schedule/index.ts";
import { type FunctionWriter, LANE } from "./function_writer.ts";
import { PAIR, rowSize, WIDTH } from "./row_size.ts";

/** A vector of four columns, or the single column of a row that has no other. */
export interface Column {
  readonly index: LinearIndex;
  readonly wide: boolean;
  /** Where the row ends in this pair: the number of columns from the first of the vector to the end. */
  readonly left: number | undefined;
}

/** An i32 constant. */
export const number = (value: number): string => `(i32.const ${value})`;

/** Vectors of a row; a single element takes one too. */
export const vectorsOf = (length: number): number => Math.ceil(rowSize(length) / WIDTH);

/** The columns of some vectors, from where the symbol stands; `first` is the first column. */
function columnsFrom(first: number, vectors: number, length: number): Column[] {
  return Array.from({ length: vectors }, (_, part) => {
    const column = first + part * WIDTH;
    const left = column >= length - length % PAIR ? length - column : undefined;
    return { index: symbolIndex(LANE, part * WIDTH), wide: true, left };
  });
}

/**
 * Runs `body` over the columns of a row, `tile` vectors at a time, which are neighbours. The last pair may be
 * filled in part only: what it computes beyond the row is stored, and sums leave it out.
 */
export function alongRow(
  writer: FunctionWriter,
  { length, tile }: { length: number; tile: number },
  body: (columns: readonly Column[]) => void,
): void {
  if (length === 1) return body([{ index: constantIndex(0), wide: false, left: undefined }]);
  const step = tile * WIDTH;
  const once = (first: number) =>
    writer.once(LANE, first, () => {
      const vectors = Math.min(tile, (rowSize(length) - first) / WIDTH);
      body(columnsFrom(first, vectors, length));
    });
  const whole = length - length % step;
  if (whole > step) {
    const range = { from: number(0), to: number(whole), step, most: whole - step };
    writer.loop(LANE, range, () => body(columnsFrom(0, tile, whole)));
  } else if (whole > 0) once(0);
  if (whole < length) once(whole);
}
