/** Intervals of metrics over networks. */
import { type MetricFacts, rangeOf } from "../../core/losses/loss_metric.ts";
import { type Interval, meanInterval } from "../../core/numerics/statistics.ts";

/** The name of a metric without the sequences that it was measured on: `loss` of `eval/loss`. */
export const withoutSplit = (name: string): string => name.replace(/^\w+\//, "");

/**
 * The 95% interval of a mean (Student's t), cut where the metric has no values: a share lies between 0 and 1.
 * Undefined for fewer than two values.
 */
export function boundedInterval(
  values: readonly number[],
  facts: Partial<MetricFacts> | undefined,
): Interval | undefined {
  const interval = meanInterval(values);
  if (!interval) return undefined;
  const { low = -Infinity, high = Infinity } = rangeOf(facts ?? {});
  return { low: Math.max(low, interval.low), high: Math.min(high, interval.high) };
}
