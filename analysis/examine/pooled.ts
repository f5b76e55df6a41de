/** Shares over the tries of several networks. */
import { meanInterval, wilsonInterval } from "../../core/numerics/statistics.ts";
import type { Proportion } from "./examination.ts";

export interface PooledProportion extends Proportion {
  /** What the 95 % interval is taken over. */
  readonly over: "networks" | "tries";
}

/**
 * The share of all tries together. Tries of one network share its weights, so the interval is that of
 * the networks' shares (Student's t, cut to [0, 1]). If the shares do not differ, or there is only one
 * network, it is the Wilson interval of the tries.
 *
 * @param counts successes and tries of each network.
 */
export function pooled(
  counts: readonly { readonly count: number; readonly of: number }[],
): PooledProportion {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const [count, of] = [sum(counts.map(({ count }) => count)), sum(counts.map(({ of }) => of))];
  const shares = counts.filter(({ of }) => of > 0).map(({ count, of }) => count / of);
  const isSpread = new Set(shares).size > 1;
  const { low, high } = isSpread ? meanInterval(shares)! : wilsonInterval(count, of);
  return {
    count,
    of,
    share: of === 0 ? null : count / of,
    low: Math.max(0, low),
    high: Math.min(1, high),
    over: isSpread ? "networks" : "tries",
  };
}
