/** What a loss declares of a metric: how it is made of sums, and what it says. */

/** Bounds of a number; one that is left out is none. */
export interface ValueRange {
  /** The least value. */
  readonly low?: number;
  /** The largest value. */
  readonly high?: number;
}

/** How a metric is made of sums; `value` is any other way. */
export type MetricKind =
  | "share"
  | "mean"
  | "count"
  | "ratio"
  | "root-mean-square"
  | "correlation"
  | "value";

/** Every kind. */
export const metricKinds: readonly MetricKind[] = [
  ...["share", "mean", "count", "ratio"] as const,
  ...["root-mean-square", "correlation", "value"] as const,
];

/** Where a metric lies in a row of metrics that differ in one number, as recall does at each lag. */
export interface MetricPlace {
  /** What the row is about: "recall by lag". */
  readonly series: string;
  /** What the number is, with its unit: "lag (steps)". */
  readonly axis: string;
  /** The least number that counts here. */
  readonly low: number;
  /** The largest one. */
  readonly high: number;
}

/** What a metric says: progress, tables, axes and pages are made of it. */
export interface MetricFacts {
  /** How it is made. */
  readonly kind: MetricKind;
  /** Such as "nats"; undefined: none. */
  readonly unit?: string;
  /** Where its values lie; default: what `kind` says, see `rangeOf`. */
  readonly range?: ValueRange;
  /** Which direction is better; undefined: neither is. */
  readonly better?: "more" | "less";
  /** It varies much from sequence to sequence: reports draw a smoothed mean beside it. */
  readonly isNoisy?: boolean;
  /** What is measured, in a sentence. */
  readonly summary?: string;
  /** Its place in a row of metrics, which reports draw as one figure. */
  readonly along?: MetricPlace;
}

/**
 * A metric of a loss. The functions of `metric` make the usual ones.
 *
 *     metrics: { accuracy: metric.share("correct"), error: metric.rootMeanSquare("error", { unit: "mV" }) }
 */
export interface LossMetric extends MetricFacts {
  /** The sums over steps and sequences that it is made of; exactly two, if there is no `of`. */
  readonly sums: readonly string[];
  /** Makes it of these sums, in float64; default: the first divided by the second. */
  readonly of?: (...sums: readonly number[]) => number;
  /**
   * Inputs of the loss without which it means nothing: a task (of `defineTask`) that
   * does not give them is judged without it.
   */
  readonly needs?: readonly string[];
}

/** Where values of each kind lie. */
const ranges: Readonly<Partial<Record<MetricKind, ValueRange>>> = {
  share: { low: 0, high: 1 },
  count: { low: 0 },
  "root-mean-square": { low: 0 },
  correlation: { low: -1, high: 1 },
};

/** Where the values of a metric lie: as declared, or as its kind says. */
export const rangeOf = ({ kind, range }: Partial<MetricFacts>): ValueRange =>
  range ?? (kind && ranges[kind]) ?? {};
