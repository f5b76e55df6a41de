/** Products of vectors and matrices. A matrix is [post, pre]. */
import { describeShape } from "../../axes.ts";
import type { Value } from "../elementwise.ts";
import { shapeError } from "../shape_error.ts";
import { mul } from "./arithmetic.ts";
import { expectRank } from "./expect.ts";
import { column, row } from "./movement.ts";
import { build } from "../rewrite/build.ts";
import { reduce, sum } from "./reductions.ts";

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
 * A B: matrix(n, k), matrix(k, m) -> matrix(n, m). Element (i, j) is Σ_q a_iq b_qj; the products are
 * not stored. A NaN or 0 times infinity in it makes the element NaN.
 *
 * @throws RangeError unless both are matrices, and A has a column for each row of B.
 * @example
 * const gram = matmul(transpose(keys), keys); // matrix(n, m) -> matrix(m, m)
 */
export function matmul(a: Value, b: Value): Value {
  if (a.shape.length !== 2 || b.shape.length !== 2 || a.shape[1] !== b.shape[0]) {
    const shapes = `${describeShape(a.shape)} and ${describeShape(b.shape)}`;
    throw shapeError(
      "matmul",
      `expected matrix(n, k) and matrix(k, m), got ${shapes}${hint(a, b)}`,
    );
  }
  const operation = { op: "matmul" } as const;
  return build(a.graph, { operation, inputs: [a, b], shape: [a.shape[0], b.shape[1]!] });
}

/** What one that writes `a @ b` may mean, by the number of axes of both. */
function hint(a: Value, b: Value): string {
  const product = ({
    "2 1": "matvec(a, b)",
    "1 2": "vecmat(a, b)",
    "1 1": "dot(a, b) or outer(a, b)",
  } as Readonly<Record<string, string>>)[`${a.shape.length} ${b.shape.length}`];
  return product === undefined ? "" : `; with a vector it is ${product}`;
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
