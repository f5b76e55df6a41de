/** Means over the seeds of a row, with 95% intervals. */
import type { MetricFacts } from "../../../core/losses/loss_metric.ts";
import { intervalOverNetworks } from "../../../core/numerics/over_networks.ts";
import { type Interval, mean } from "../../../core/numerics/statistics.ts";

export interface OverSeeds {
  /** NaN without seeds. */
  readonly mean: number;
  /** Where other seeds of the same kind will have their mean; undefined for fewer than two. */
  readonly interval: Interval | undefined;
  /** Values that count. */
  readonly count: number;
}

/** What a diverged seed counts as: a network that answers nothing has a share of 0, and no amount. */
export const countedScore = (value: number, { kind, better }: MetricFacts): number =>
  Number.isNaN(value) && kind === "share" && better === "more" ? 0 : value;

/**
 * The mean of one metric over seeds, with its interval over them (`intervalOverNetworks`).
 *
 * @param values of each seed; of diverged ones NaN, see `countedScore`.
 * @param options.judged sequences that each value was measured on, at least one answer each.
 */
export function overSeeds(
  values: readonly number[],
  { facts, judged }: { facts: MetricFacts; judged: number },
): OverSeeds {
  const counted = values.map((value) => countedScore(value, facts)).filter(Number.isFinite);
  const interval = intervalOverNetworks(counted, {
    isShare: facts.kind === "share",
    sequences: judged,
  });
  return { mean: mean(counted), interval, count: counted.length };
}
