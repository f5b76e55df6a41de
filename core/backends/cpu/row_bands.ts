/** Bands of rows: large matrices that one sequence after the other uses a few rows at a time. */
import type { Pass } from "../../schedule/pass.ts";

/** Least bytes of a matrix whose rows are taken in bands: not all of it stays in the cache. */
const BANDED_BYTES = 1 << 18;

/** Rows and columns of the largest matrix that a pass goes over row by row; undefined: there is none. */
export function matrixOf({ domain, reduction }: Pass): readonly [number, number] | undefined {
  const [rows, columns] = domain.shape;
  if (columns !== undefined) {
    // A product of matrices also reads the rows of the first one.
    const read = reduction?.axes[0] === "shared" ? reduction.lengths[0]! : 0;
    return [rows!, Math.max(columns, read)];
  }
  const isRowByRow = reduction?.axes.join() === "pre" && reduction.operand.length === 2;
  return isRowByRow ? reduction.operand as readonly [number, number] : undefined;
}

/** Whether the sequences take a pass one band of rows at a time, so that they share what they read. */
export function isBanded(pass: Pass): boolean {
  const [rows, columns] = matrixOf(pass) ?? [0, 0];
  return rows * columns * 4 >= BANDED_BYTES;
}
