/** Sums, means and extremes: over elements, over the sequences of a batch and, outside loops, over steps. */
import { type Shape, sizeOf } from "../../axes.ts";
import type { Value } from "../elementwise.ts";
import type { ReduceAxis } from "../node.ts";
import { build } from "../rewrite/build.ts";
import { shapeError } from "../shape_error.ts";
import { div, neg } from "./arithmetic.ts";
import { type Axis, expectKnownAxis, extentOf } from "./axis.ts";
import { perSequence } from "./movement.ts";

/**
 * Sum of all elements (any shape -> scalar), or over an axis: matrix(m, n) -> vector(m) over "pre",
 * vector(n) over "post".
 *
 * @throws RangeError if the value does not have the axis.
 * @example
 * const loss = sum(square(sub(output, target))); // scalar
 * const strength = sum(w, "pre"); // matrix(m, n) -> vector(m), one a row
 */
export function sum(x: Value, axis?: Axis): Value {
  expectKnownAxis("sum", x, axis);
  return overElements(x, "sum", axis);
}

/**
 * Largest element (any shape -> scalar), or over an axis: matrix(m, n) -> vector(m) over "pre",
 * vector(n) over "post". NaN if any of them is NaN. Equal ones share the gradient; in all of a matrix
 * rows share it first.
 *
 * @throws RangeError if the value does not have the axis.
 * @example
 * const winner = equal(y, max(y)); // 1 at the largest
 * const peaks = max(w, "pre"); // matrix(m, n) -> vector(m), one a row
 */
export function max(x: Value, axis?: Axis): Value {
  expectKnownAxis("max", x, axis);
  return overElements(x, "max", axis);
}

/**
 * Smallest element (any shape -> scalar), or over an axis: matrix(m, n) -> vector(m) over "pre",
 * vector(n) over "post". NaN if any of them is NaN. Equal ones share the gradient; in all of a matrix
 * rows share it first.
 *
 * @throws RangeError if the value does not have the axis.
 * @example
 * const nearest = min(distances); // vector(n) -> scalar
 * const each = min(distances, "post"); // matrix(m, n) -> vector(n), one a column
 */
export function min(x: Value, axis?: Axis): Value {
  expectKnownAxis("min", x, axis);
  return neg(overElements(neg(x), "max", axis));
}

/**
 * Mean of all elements (any shape -> scalar), or over an axis: matrix(m, n) -> vector(m) over "pre",
 * vector(n) over "post".
 *
 * @throws RangeError if the value does not have the axis.
 * @example
 * const activity = mean(y); // vector(n) -> scalar
 * const centre = mean(memories, "post"); // matrix(m, n) -> vector(n), the mean row
 */
export function mean(x: Value, axis?: Axis): Value {
  expectKnownAxis("mean", x, axis);
  const count = axis === undefined ? sizeOf(x.shape) : extentOf(x.shape, axis);
  return div(overElements(x, "sum", axis), count);
}

/** A reduction over one axis of a value or, without one, over all elements: first each row, then the rows. */
function overElements(x: Value, kind: "sum" | "max", axis: Axis | undefined): Value {
  if (x.shape.length === 0) return x;
  if (axis !== undefined) return reduce(x, { axes: [axis], kind });
  const rows = x.shape.length === 2 ? reduce(x, { axes: ["pre"], kind }) : x;
  return reduce(rows, { axes: ["post"], kind });
}

/**
 * Mean over the B sequences of a batch; any shape. It and `batchSum` are all that crosses sequences.
 *
 * @example
 * const centred = sub(x, batchMean(x)); // vector(n) -> vector(n)
 */
export const batchMean = (x: Value): Value => div(batchSum(x), x.graph.sequences);

/**
 * Sum over the B sequences of a batch; any shape. A value that all sequences share counts B times.
 *
 * @example
 * const gradient = batchSum(outer(error, x)); // matrix(m, n), shared by the sequences
 */
export const batchSum = (x: Value): Value => reduce(perSequence(x), { axes: ["sequence"] });

/**
 * Sum or maximum over the named axes; "post" or "pre" disappear from the shape.
 *
 * @throws RangeError if both "post" and "pre" are named, or "time" of a value that has no steps.
 * @example
 * const rows = reduce(w, { axes: ["pre"] }); // matrix(m, n) -> vector(m)
 */
export function reduce(
  x: Value,
  { axes, kind = "sum" }: { axes: readonly ReduceAxis[]; kind?: "sum" | "max" },
): Value {
  const elementAxes = axes.filter((axis) => axis === "post" || axis === "pre");
  if (elementAxes.length > 1) throw shapeError("reduce", "one of the value's own axes at a time");
  if (axes.includes("time") && !x.hasTimeAxis) {
    throw shapeError("reduce", "expected a per-step value outside a loop to sum over the steps");
  }
  let shape: Shape = x.shape;
  if (elementAxes[0] === "pre") shape = [x.shape[0]!];
  if (elementAxes[0] === "post") shape = x.shape.length === 2 ? [x.shape[1]!] : [];
  return build(x.graph, { operation: { op: "reduce", kind, axes }, inputs: [x], shape });
}
