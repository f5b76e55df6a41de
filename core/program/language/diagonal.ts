/** Diagonals of matrices. */
import { describeShape } from "../../axes.ts";
import type { Value } from "../elementwise.ts";
import { shapeError } from "../shape_error.ts";
import { where } from "./arithmetic.ts";
import { expectRank } from "./expect.ts";
import { eye } from "./generated.ts";
import { column } from "./movement.ts";
import { sum } from "./reductions.ts";

/**
 * The diagonal of a square matrix: matrix(n, n) -> vector(n). The other elements may be infinite or NaN.
 *
 * @throws RangeError unless it is a square matrix.
 * @example
 * const self = diagonal(w); // w_ii
 */
export function diagonal(matrix: Value): Value {
  const [post, pre] = matrix.shape;
  if (pre === undefined || post !== pre) {
    throw shapeError("diagonal", `expected a square matrix, got ${describeShape(matrix.shape)}`);
  }
  return sum(where(eye(matrix, post), matrix, 0), "pre");
}

/**
 * A matrix with this diagonal, and else 0: vector(n) -> matrix(n, n).
 *
 * @throws RangeError unless it is a vector.
 * @example
 * const decay = diag(rates); // matrix(n, n)
 */
export function diag(vector: Value): Value {
  expectRank("diag", vector, 1);
  return where(eye(vector, vector.shape[0]!), column(vector), 0);
}
