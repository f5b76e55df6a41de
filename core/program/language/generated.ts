/** Numbers and positions. The value `like` only says in which graph they are. */
import { describeShape, type Shape } from "../../axes.ts";
import type { Value } from "../elementwise.ts";
import { addNode, broadcast, constant } from "../node.ts";
import { shapeError } from "../shape_error.ts";
import { equal } from "./arithmetic.ts";
import { column, row } from "./movement.ts";

/**
 * One number in every element of a shape.
 *
 * @example
 * const ones = filled(x, 1, [3, 3]); // matrix(3, 3)
 */
export const filled = (like: Value, value: number, shape: Shape): Value =>
  broadcast(constant(like.graph, value), shape);

/**
 * The numbers 0, 1, ..., length - 1: vector(length).
 *
 * @example
 * const ramp = div(iota(x, 8), 7); // 0 to 1 in eight elements
 */
export const iota = (like: Value, length: number): Value =>
  addNode(like.graph, { op: "iota" }, { inputs: [], shape: [length] });

/**
 * 1 where i equals the index, else 0 (nowhere for -1, 0.5 or NaN): scalar -> vector(length), or vector(k) ->
 * matrix(k, length), a row for each index.
 *
 * @throws RangeError of a matrix.
 * @example
 * const symbol = oneHot(index, 4); // 2 -> 0, 0, 1, 0
 */
export function oneHot(index: Value, length: number): Value {
  if (index.shape.length === 2) {
    throw shapeError("oneHot", `expected a scalar or vector, got ${describeShape(index.shape)}`);
  }
  const positions = iota(index, length);
  return index.shape.length === 0 ? equal(positions, index) : equal(row(positions), column(index));
}

/**
 * The identity matrix, 1 on the diagonal and else 0: matrix(n, n).
 *
 * @example
 * const offDiagonal = sub(1, eye(w, 8)); // matrix(8, 8)
 */
export function eye(like: Value, size: number): Value {
  const positions = iota(like, size);
  return equal(column(positions), row(positions));
}

/**
 * t, the number of the step from 0: scalar.
 *
 * @example
 * const isFirst = equal(stepIndex(x), 0); // 1 in the first step
 */
export const stepIndex = (like: Value): Value =>
  addNode(like.graph, { op: "step" }, { inputs: [], shape: [] });

/**
 * b, the number of the sequence in its batch from 0: a scalar that differs between sequences.
 *
 * @example
 * const chosen = equal(sequenceIndex(x), 0); // 1 in the first sequence
 */
export const sequenceIndex = (like: Value): Value =>
  addNode(like.graph, { op: "sequence" }, { inputs: [], shape: [] });
