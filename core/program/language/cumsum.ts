/** Sums up to each element. */
import type { Value } from "../elementwise.ts";
import { lessEqual, where } from "./arithmetic.ts";
import { expectRank } from "./expect.ts";
import { iota } from "./generated.ts";
import { column, row } from "./movement.ts";
import { sum } from "./reductions.ts";

/**
 * Sums of the elements up to each one: vector(n) -> vector(n) with element i = x_0 + ... + x_i. It takes n²
 * additions, and the elements after the i-th do not matter to it, were they NaN.
 *
 * @throws RangeError unless it is a vector.
 * @example
 * const distribution = cumsum(p); // ends with 1
 */
export function cumsum(x: Value): Value {
  expectRank("cumsum", x, 1);
  const positions = iota(x, x.shape[0]!);
  return sum(where(lessEqual(row(positions), column(positions)), row(x), 0), "pre");
}
