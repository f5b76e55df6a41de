/** Takes elements by their position, and puts them there. Positions may be computed. */
import { describeShape } from "../../axes.ts";
import { lift, type Operand, type Value } from "../elementwise.ts";
import { shapeError } from "../shape_error.ts";
import { where } from "./arithmetic.ts";
import { along, type Axis, expectAxis, extentOf, spread } from "./axis.ts";
import { oneHot } from "./generated.ts";
import { column, row } from "./movement.ts";
import { sum } from "./reductions.ts";

/**
 * What stands at an index, counted from 0:
 * - of a vector(n) its element: a scalar, or one for each of k indices: vector(k);
 * - of a matrix(m, n) a row (axis "post") -> vector(n), or a column (axis "pre") -> vector(m).
 *
 * 0 where there is no such element, as for -1, 0.5 and NaN. The other elements may be infinite or NaN, unlike
 * in a product with `oneHot`. It reads all elements that there are to choose from.
 *
 * @throws RangeError of a matrix without an axis, or if the index has another shape.
 * @example
 * const loss = sub(logSumExp(logits), gather(logits, target)); // cross-entropy, nats
 * const memory = gather(memories, index, "post"); // row `index` of a matrix(m, n): vector(n)
 */
export function gather(x: Value, index: Operand, axis?: Axis): Value {
  expectAxis("gather", x, axis);
  const at = lift(x.graph, index);
  const count = extentOf(x.shape, axis);
  if (at.shape.length === 0) {
    return sum(where(along(oneHot(at, count), x, axis), x, 0), axis);
  }
  if (at.shape.length === 1 && x.shape.length === 1) {
    return sum(where(oneHot(at, count), row(x), 0), "pre");
  }
  const expected = x.shape.length === 1 ? "a scalar or vector" : "a scalar";
  throw shapeError(
    "gather",
    `${describeShape(x.shape)} needs ${expected} as index, got ${describeShape(at.shape)}`,
  );
}

/**
 * Values at their indices, counted from 0, and 0 elsewhere; the transpose of `gather`:
 * - a scalar at a scalar index: vector(length);
 * - k values at k indices: vector(k), vector(k) -> vector(length), where those of equal indices add up;
 * - a vector(n) as a row of a matrix(length, n) (axis "post") or a column of a matrix(n, length) ("pre").
 *
 * A value whose index is none of 0 to length - 1 is left out.
 *
 * @throws RangeError if values and indices do not fit together.
 * @example
 * const spike = scatter(1, winner, 8); // vector(8), 1 at the winner
 * const written = add(memories, scatter(change, slot, 16, "post")); // matrix(16, n): one row changes
 */
export function scatter(values: Operand, index: Value, length: number, axis?: Axis): Value {
  const given = lift(index.graph, values);
  const ranks = `${given.shape.length} ${index.shape.length}`;
  if (axis !== undefined && ranks === "1 0") {
    const place = oneHot(index, length);
    return where(axis === "post" ? column(place) : row(place), spread(given, axis), 0);
  }
  if (axis === undefined && ranks === "0 0") return where(oneHot(index, length), given, 0);
  if (axis === undefined && ranks === "1 1" && given.shape[0] === index.shape[0]) {
    return sum(where(oneHot(index, length), column(given), 0), "post");
  }
  const got = `${describeShape(given.shape)} at ${describeShape(index.shape)}`;
  const expected = axis === undefined
    ? "scalar at scalar, or vector(k) at vector(k)"
    : "vector(n) at scalar";
  throw shapeError("scatter", `expected ${expected}, got ${got}`);
}
