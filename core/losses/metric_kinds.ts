/**
 * The kinds of metrics that a loss may declare, each of values that its step names in `sums`. Sums are
 * taken over the judged steps of all sequences; a metric is made of them in the end, in float64.
 *
 * `defineLoss` also makes these sums of a value `a`: `a*a` and `a*b` of products, and `a#`, the number of
 * its elements.
 */
import type { LossMetric, MetricFacts } from "./loss_metric.ts";

/** What a metric says, beside how it is made. */
export type MetricOptions = Omit<MetricFacts, "kind"> & Pick<LossMetric, "needs">;

/** Also says what a sum is divided by. */
export interface DividedOptions extends MetricOptions {
  /** A value whose sum it is divided by; default: the number of elements of the value. */
  readonly per?: string;
}

/** The name of the sum that counts sequences; every program makes it that asks for it. */
export const SEQUENCES = "#sequences";

/** The mean of a value over judged steps and its elements: `metric.mean("energy", { unit: "J" })`. */
export const mean = (
  value: string,
  { per = `${value}#`, ...facts }: DividedOptions = {},
): LossMetric => ({ kind: "mean", ...facts, sums: [value, per] });

/** How many cases are so, of all: the value is 1 or 0. `metric.share("correct")`; more is better. */
export const share = (
  value: string,
  { per = `${value}#`, ...facts }: DividedOptions = {},
): LossMetric => ({ kind: "share", better: "more", ...facts, sums: [value, per] });

/** A value summed over each sequence, as a mean over these: `metric.count("spikes", { unit: "spikes" })`. */
export const count = (value: string, facts: MetricOptions = {}): LossMetric => ({
  kind: "count",
  ...facts,
  sums: [value, SEQUENCES],
});

/** A sum divided by another: `metric.ratio("reward", "trials")`. */
export const ratio = (above: string, below: string, facts: MetricOptions = {}): LossMetric => ({
  kind: "ratio",
  ...facts,
  sums: [above, below],
});

/** √ of the mean square of a value: `metric.rootMeanSquare("error", { better: "less" })`. */
export const rootMeanSquare = (value: string, facts: MetricOptions = {}): LossMetric => ({
  kind: "root-mean-square",
  ...facts,
  sums: [`${value}*${value}`, `${value}#`],
  of: (squares, elements) => Math.sqrt(squares! / elements!),
});

/**
 * Pearson's correlation of two values of one shape, over judged steps and elements; more is better. Sums
 * come from float32: of means many standard deviations from 0 few digits are left.
 *
 *     metric.correlation("output", "target")
 */
export const correlation = (a: string, b: string, facts: MetricOptions = {}): LossMetric => ({
  kind: "correlation",
  better: "more",
  ...facts,
  sums: [a, b, `${a}*${a}`, `${b}*${b}`, `${a}*${b}`, `${a}#`],
  of(sumA = NaN, sumB = NaN, squaresA = NaN, squaresB = NaN, products = NaN, elements = NaN) {
    const [varianceA, varianceB] = [
      squaresA - sumA ** 2 / elements,
      squaresB - sumB ** 2 / elements,
    ];
    // What rounding leaves of no variance has no direction.
    if (!(varianceA > 0 && varianceB > 0)) return NaN;
    const covariance = products - sumA * sumB / elements;
    return Math.max(-1, Math.min(1, covariance / Math.sqrt(varianceA * varianceB)));
  },
});

/** Any function of sums: `metric.computed(["hits", "alarms"], (hits, alarms) => hits / (hits + alarms))`. */
export const computed = (
  sums: readonly string[],
  of: (...sums: number[]) => number,
  facts: MetricOptions = {},
): LossMetric => ({ kind: "value", ...facts, sums, of: (...values) => of(...values) });
