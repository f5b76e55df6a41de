/** The same numbers in other places: rows, columns, parts. */
import { describeShape, type Shape } from "../../axes.ts";
import { graphOf, type Value } from "../elementwise.ts";
import { broadcast } from "../node.ts";
import { build } from "../rewrite/build.ts";
import { shapeError } from "../shape_error.ts";
import { expectRank } from "./expect.ts";

/**
 * A vector as matrix(1, n): it broadcasts over the rows (post) of a matrix(m, n).
 *
 * @throws RangeError unless it is a vector.
 * @example
 * const scaled = mul(w, row(x)); // element (i, j) = w_ij x_j
 */
export function row(vector: Value): Value {
  expectRank("row", vector, 1);
  return reshape(vector, [1, vector.shape[0]!]);
}

/**
 * A vector as matrix(n, 1): it broadcasts over the columns (pre) of a matrix(n, m).
 *
 * @throws RangeError unless it is a vector.
 * @example
 * const scaled = mul(w, column(y)); // element (i, j) = w_ij y_i
 */
export function column(vector: Value): Value {
  expectRank("column", vector, 1);
  return reshape(vector, [vector.shape[0]!, 1]);
}

/**
 * The same elements as vector(n), matrix(n, 1) or matrix(1, n). Sizes are not checked: `row`,
 * `column` and `slice` are what a model needs.
 *
 * @example
 * const vector = reshape(row(x), [4]); // x again
 */
export function reshape(x: Value, shape: Shape): Value {
  return build(x.graph, { operation: { op: "reshape" }, inputs: [x], shape });
}

/**
 * Aᵀ: matrix(post, pre) -> matrix(pre, post).
 *
 * @throws RangeError unless it is a matrix.
 * @example
 * const symmetric = mul(0.5, add(w, transpose(w))); // matrix(n, n)
 */
export function transpose(matrix: Value): Value {
  expectRank("transpose", matrix, 2);
  const [post, pre] = matrix.shape as readonly [number, number];
  const operation = { op: "transpose" } as const;
  return build(matrix.graph, { operation, inputs: [matrix], shape: [pre, post] });
}

/**
 * Vectors (and scalars) end to end: vector(sum of their lengths).
 *
 * @throws RangeError if a part is a matrix; TypeError of no parts.
 * @example
 * const input = concat(x, y, bias); // vector(3), vector(5), scalar -> vector(9)
 */
export function concat(...parts: readonly Value[]): Value {
  const graph = graphOf("concat", parts);
  const vectors = parts.map((part) => {
    if (part.shape.length === 2) {
      throw shapeError("concat", `expected vectors, got ${describeShape(part.shape)}`);
    }
    return part.shape.length === 0 ? broadcast(part, [1]) : part;
  });
  const length = vectors.reduce((total, part) => total + part.shape[0]!, 0);
  return build(graph, { operation: { op: "concat" }, inputs: vectors, shape: [length] });
}

/**
 * Elements start .. start + length - 1 of a vector: vector(length).
 *
 * @throws RangeError unless it is a vector that has these elements.
 * @example
 * const bits = slice(input, 0, 8); // vector(9) -> vector(8)
 */
export function slice(vector: Value, start: number, length: number): Value {
  expectRank("slice", vector, 1);
  const extent = vector.shape[0]!;
  if (
    !(Number.isInteger(start) && Number.isInteger(length) && start >= 0 && length >= 1 &&
      start + length <= extent)
  ) {
    throw shapeError(
      "slice",
      `elements ${start} to ${start + length - 1} are outside vector(${extent})`,
    );
  }
  const operation = { op: "slice", start } as const;
  return build(vector.graph, { operation, inputs: [vector], shape: [length] });
}

/**
 * The same value, through which no gradient flows; any shape.
 *
 * @example
 * const shift = stopGradient(max(x)); // a number as far as gradients are concerned
 */
export function stopGradient(x: Value): Value {
  return build(x.graph, { operation: { op: "stopGradient" }, inputs: [x], shape: x.shape });
}

/**
 * A value that all sequences share, as one that every sequence has; any shape. A sum over the batch
 * then counts it once a sequence.
 *
 * @example
 * const counted = perSequence(penalty); // B times the penalty in a batchSum
 */
export function perSequence(x: Value): Value {
  return build(x.graph, { operation: { op: "perSequence" }, inputs: [x], shape: x.shape });
}
