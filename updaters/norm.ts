/** The Euclidean norm of values. */
import { LARGEST_FLOAT32 } from "../core/numerics/float64_functions.ts";
import type { Value } from "../core/program/elementwise.ts";
import { add, batchSum, less, mul, sqrt, square, sum, where } from "../core/program/language.ts";

/** Squares of numbers above 2^63 overflow float32; multiplied by this first, those of all numbers are finite. */
const SMALL = 2 ** -64;

/**
 * sqrt(Σ x²) over all elements of all values, and over all sequences of a replica where each has its own.
 * It is finite if the norm itself is.
 */
export function norm(...values: readonly Value[]): Value {
  const sumOfSquares = (scale: number): Value =>
    add(...values.map((x) => {
      const squares = sum(square(mul(x, scale)));
      return squares.hasBatchAxis ? batchSum(squares) : squares;
    }));
  const [plain, scaled] = [sumOfSquares(1), sumOfSquares(SMALL)];
  const overflows = less(LARGEST_FLOAT32, plain);
  return where(overflows, mul(sqrt(scaled), 1 / SMALL), sqrt(plain));
}
