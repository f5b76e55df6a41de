/** Products of vectors and matrices. A matrix is [post, pre]. */
import { describeShape } from "../../axes.ts";
import type { Value } from "../elementwise.ts";
import { shapeError } from "../shape_error.ts";
import { abs, div, mul, square, where } from "./arithmetic.ts";
import { expectRank } from "./expect.ts";
import { sqrt } from "./functions.ts";
import { column, row, stopGradient } from "./movement.ts";
import { max, reduce, sum } from "./reductions.ts";

/**
 * post ⊗ pre: vector(n), vector(m) -> matrix(n, m) with element (i, j) = post_i pre_j.
 *
 * @throws RangeError unless both are vectors.
 * @example
 * const change = mul(rate, outer(y, x)); // Hebb's rule
 */
export function outer(post: Value, pre: Value): Value {
  expectRank("outer", post, 1);
  expectRank("outer", pre, 1);
  return mul(column(post), row(pre));
}

/**
 * W x: matrix(post, pre), vector(pre) -> vector(post).
 *
 * @throws RangeError unless the vector has one element a column of the matrix.
 * @example
 * const current = matvec(w, x); // current_i = Σ_j w_ij x_j
 */
export function matvec(matrix: Value, vector: Value): Value {
  expectProduct("matvec", matrix, vector, 1);
  return reduce(mul(matrix, row(vector)), { axes: ["pre"] });
}

/**
 * Wᵀ x: vector(post), matrix(post, pre) -> vector(pre).
 *
 * @throws RangeError unless the vector has one element a row of the matrix.
 * @example
 * const back = vecmat(error, w); // back_j = Σ_i error_i w_ij
 */
export function vecmat(vector: Value, matrix: Value): Value {
  expectProduct("vecmat", matrix, vector, 0);
  return reduce(mul(matrix, column(vector)), { axes: ["post"] });
}

/**
 * Σ a_i b_i: vector(n), vector(n) -> scalar.
 *
 * @throws RangeError unless both are vectors of one length.
 * @example
 * const overlap = div(dot(y, pattern), 8); // scalar
 */
export function dot(a: Value, b: Value): Value {
  expectRank("dot", a, 1);
  expectRank("dot", b, 1);
  return sum(mul(a, b));
}

/**
 * √(Σ x²) over all elements: any shape -> scalar, without overflow or underflow on the way. The slope where all
 * elements are 0 is 0.
 *
 * @example
 * const direction = div(x, maximum(norm(x), 1e-6)); // vector(n) of length 1, or 0
 */
export function norm(x: Value): Value {
  const rows = x.shape.length === 2 ? reduce(abs(x), { axes: ["pre"], kind: "max" }) : abs(x);
  const largest = stopGradient(rows.shape.length === 0 ? rows : max(rows));
  const size = where(largest, largest, 1);
  const squares = sum(square(div(x, size)));
  // Σ (x / size)² is 1 or more, unless all is 0: then a number stands in, since the root has no slope there.
  return where(largest, mul(size, sqrt(where(largest, squares, 1))), 0);
}

function expectProduct(name: string, matrix: Value, vector: Value, axis: 0 | 1): void {
  expectRank(name, matrix, 2);
  if (vector.shape.length !== 1 || vector.shape[0] !== matrix.shape[axis]) {
    throw shapeError(
      name,
      `${describeShape(matrix.shape)} needs vector(${matrix.shape[axis]}), got ${
        describeShape(vector.shape)
      }`,
    );
  }
}
