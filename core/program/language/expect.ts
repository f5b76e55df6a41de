import { describeShape } from "../../axes.ts";
import type { Operand, Value } from "../elementwise.ts";
import { shapeError } from "../shape_error.ts";

/** @throws RangeError unless the value is a vector (1) or a matrix (2). */
export function expectRank(name: string, value: Value, rank: 1 | 2): void {
  if (value.shape.length !== rank) {
    const expected = rank === 1 ? "a vector" : "a matrix";
    throw shapeError(name, `expected ${expected}, got ${describeShape(value.shape)}`);
  }
}

/** @throws RangeError if the operand is a number that is not positive and finite. */
export function expectPositive(name: string, what: string, operand: Operand): void {
  if (typeof operand !== "number" || operand > 0 && Number.isFinite(operand)) return;
  throw shapeError(name, `expected ${what} above 0, got ${operand}`);
}
