/** The Euclidean norm of values. */
import type { Value } from "../core/program/elementwise.ts";
import { add, batchSum, sqrt, square, sum } from "../core/program/language.ts";

/** sqrt(Σ x²) over all elements of all values, and over all sequences of a replica where each has its own. */
export function norm(...values: readonly Value[]): Value {
  const squares = values.map((x) => {
    const squares = sum(square(x));
    return squares.hasBatchAxis ? batchSum(squares) : squares;
  });
  return sqrt(add(...squares));
}
