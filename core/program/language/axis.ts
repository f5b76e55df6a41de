/** The axes of a value, by name. */
import { describeShape, type Shape } from "../../axes.ts";
import type { Value } from "../elementwise.ts";
import { shapeError } from "../shape_error.ts";
import { column, row } from "./movement.ts";

/**
 * An axis of a value. "post" is that of a vector, and counts the rows of a matrix(post, pre); "pre"
 * counts its columns. A function over "pre" makes one result a row, a function over "post" one a
 * column. (In other libraries "post" is axis 0, and "pre" axis 1.)
 */
export type Axis = "post" | "pre";

/** @throws RangeError unless a value has this axis, or if it has two and none is named. */
export function expectAxis(name: string, x: Value, axis: Axis | undefined): void {
  expectKnownAxis(name, x, axis);
  if (x.shape.length === 0) throw shapeError(name, "expected a vector or matrix, got scalar");
  if (axis === undefined && x.shape.length === 2) {
    const choice = `"pre" for each row or "post" for each column`;
    throw shapeError(name, `${describeShape(x.shape)} needs an axis: ${choice}`);
  }
}

/** @throws RangeError if an axis is named that a value does not have. */
export function expectKnownAxis(name: string, x: Value, axis: unknown): void {
  if (axis === undefined) return;
  if (axis !== "post" && axis !== "pre") {
    const twoValues = typeof axis === "object" && (name === "max" || name === "min")
      ? `; of two values it is ${name}imum(a, b)`
      : "";
    const got = typeof axis === "object" ? "a value" : String(axis);
    throw shapeError(name, `expected the axis "post" or "pre", got ${got}${twoValues}`);
  }
  if (x.shape.length < (axis === "pre" ? 2 : 1)) {
    throw shapeError(name, `${describeShape(x.shape)} has no axis "${axis}"`);
  }
}

/** How many elements of a value of this shape a function over the axis takes together. */
export function extentOf(shape: Shape, axis: Axis | undefined): number {
  return shape[axis === "pre" ? 1 : 0] ?? 1;
}

/**
 * What a function over an axis made, so that it can be combined with what it was made of: one number a row
 * as a column, one a column as a row.
 */
export function spread(reduced: Value, axis: Axis | undefined): Value {
  if (reduced.shape.length === 0) return reduced;
  return axis === "pre" ? column(reduced) : row(reduced);
}

/**
 * A vector along the axis of `like`, so that it can be combined with it: a vector as it is, elements of
 * rows as a row.
 */
export function along(vector: Value, like: Value, axis: Axis | undefined): Value {
  if (like.shape.length === 1) return vector;
  return axis === "pre" ? row(vector) : column(vector);
}
