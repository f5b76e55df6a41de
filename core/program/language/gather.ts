/** Takes elements by their position. */
import type { Value } from "../elementwise.ts";
import { where } from "./arithmetic.ts";
import { expectRank } from "./expect.ts";
import { oneHot } from "./generated.ts";
import { sum } from "./reductions.ts";

/**
 * x_i for the scalar `index` i: vector(n), scalar -> scalar; 0 where there is no such element, as for -1.
 * The other elements may be infinite or NaN, unlike in a product with `oneHot(index, n)`.
 *
 * @throws RangeError unless x is a vector.
 * @example
 * const loss = sub(logSumExp(logits), gather(logits, target)); // cross-entropy, nats
 */
export function gather(x: Value, index: Value): Value {
  expectRank("gather", x, 1);
  return sum(where(oneHot(index, x.shape[0]!), x, 0));
}
