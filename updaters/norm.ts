/** The Euclidean norm of a value. */
import type { Value } from "../core/program/elementwise.ts";
import { batchSum, sqrt, square, sum } from "../core/program/language.ts";

/** sqrt(Σ x²) over all elements, and over all sequences of a replica where each has its own. */
export function norm(x: Value): Value {
  const squares = sum(square(x));
  return sqrt(squares.hasBatchAxis ? batchSum(squares) : squares);
}
