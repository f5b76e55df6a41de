/** Tries of several networks together. */
import { meanInterval, wilsonInterval } from "../../core/numerics/statistics.ts";
import type { Proportion } from "./examination.ts";

export interface PooledProportion extends Proportion {
  /** What the 95 % interval is over. */
  readonly over: "networks" | "tries";
}

/**
 * The share of the tries of all networks. Tries of one network have its weights in common, so the
 * interval is one of the networks' shares (Student's t, within [0, 1]); where these are all the same it
 * would be empty, and where there is one network there is none: it is Wilson's of the tries then.
 */
export function pooled(
  all: readonly { readonly count: number; readonly of: number }[],
): PooledProportion {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const [count, of] = [sum(all.map(({ count }) => count)), sum(all.map(({ of }) => of))];
  const shares = all.filter(({ of }) => of > 0).map(({ count, of }) => count / of);
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
