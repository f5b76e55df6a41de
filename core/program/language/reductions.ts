/** Sums and maxima: over elements, over the sequences of a batch and, outside loops, over steps. */
import { type Shape, sizeOf } from "../../axes.ts";
import type { Value } from "../elementwise.ts";
import type { ReduceAxis } from "../node.ts";
import { build } from "../rewrite/build.ts";
import { shapeError } from "../shape_error.ts";
import { div } from "./arithmetic.ts";
import { expectRank } from "./expect.ts";
import { perSequence } from "./movement.ts";

/**
 * Sum of all elements: any shape -> scalar.
 *
 * @example
 * const loss = sum(square(sub(output, target))); // scalar
 */
export function sum(x: Value): Value {
  if (x.shape.length === 0) return x;
  if (x.shape.length === 1) return reduce(x, { axes: ["post"] });
  return reduce(reduce(x, { axes: ["pre"] }), { axes: ["post"] });
}

/**
 * Largest element: vector(n) -> scalar. Equal ones share the gradient.
 *
 * @throws RangeError unless it is a vector.
 * @example
 * const winner = equal(y, max(y)); // 1 at the largest
 */
export function max(x: Value): Value {
  expectRank("max", x, 1);
  return reduce(x, { axes: ["post"], kind: "max" });
}

/**
 * Mean of all elements: any shape -> scalar.
 *
 * @example
 * const activity = mean(y); // vector(n) -> scalar
 */
export const mean = (x: Value): Value => div(sum(x), sizeOf(x.shape));

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
