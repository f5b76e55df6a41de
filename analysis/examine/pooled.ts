/** Shares over the tries of several networks. */
import { clusteredShareInterval } from "../../core/numerics/clustered.ts";
import { wilsonInterval } from "../../core/numerics/statistics.ts";
import type { Proportion } from "./examination.ts";

export interface PooledProportion extends Proportion {
  /** What the 95 % interval is taken over. */
  readonly over: "networks" | "tries";
}

/**
 * The share of all tries together, with its 95 % interval. Tries of one network share its weights, so it is
 * the interval of another set of networks; of a single network, that of other tries (Wilson).
 *
 * @param counts successes and tries of each network.
 */
export function pooled(
  counts: readonly { readonly count: number; readonly of: number }[],
): PooledProportion {
  const networks = counts.filter(({ of }) => of > 0);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const [count, of] = [sum(networks.map(({ count }) => count)), sum(networks.map(({ of }) => of))];
  const over = networks.length > 1 ? "networks" : "tries";
  const clusters = networks.map(({ count, of }) => ({ above: count, below: of }));
  return {
    count,
    of,
    share: of === 0 ? null : count / of,
    ...over === "networks" ? clusteredShareInterval(clusters) : wilsonInterval(count, of),
    over,
  };
}
