import { type MetricFacts, rangeOf } from "../../core/losses/loss_metric.ts";

/** Share of the axis that is free beyond each bound, so that points at it are whole. */
const MARGIN = 0.03;

/** What of a y axis says where the values of a metric lie: all of a bounded range, or from 0. */
export function axisRange(
  facts: Partial<MetricFacts>,
): { range?: readonly [number, number]; rangemode?: "tozero" } {
  const { low, high } = rangeOf(facts);
  if (low !== undefined && high !== undefined) {
    const margin = MARGIN * (high - low);
    return { range: [low - margin, high + margin] };
  }
  return low === 0 || high === 0 ? { rangemode: "tozero" } : {};
}
