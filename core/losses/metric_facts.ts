/** What a metric of a loss is: reports take their words, units and axes from it. */
import type { Loss, MetricNote } from "./loss.ts";

/** What is known of a metric. */
export interface MetricFacts {
  /** A share of cases in [0, 1], a mean of amounts, or a mean of counts. */
  readonly kind: "share" | "mean" | "count";
  /** Such as "nats"; undefined: none. */
  readonly unit?: string;
  /** Drawn with a smoothed mean beside it. */
  readonly isNoisy?: boolean;
  /** Which direction is better; undefined: neither is. */
  readonly better?: "more" | "less";
  /** What is measured, in a sentence. */
  readonly summary?: string;
}

/**
 * What a loss declares of one of its metrics, with defaults where it says nothing.
 *
 *     metricFacts(crossEntropy, "loss"); // { kind: "mean", unit: "nats", better: "less", ... }
 */
export function metricFacts(
  { unit, means = [], notes = {} }: Pick<Loss, "unit" | "means" | "notes">,
  name: string,
): MetricFacts {
  const { isCount = false, ...note }: MetricNote = notes[name] ?? {};
  if (name === "loss") {
    return { kind: "mean", better: "less", ...unit === undefined ? {} : { unit }, ...note };
  }
  if (means.includes(name)) return { kind: isCount ? "count" : "mean", ...note };
  return { kind: "share", better: "more", ...note };
}
