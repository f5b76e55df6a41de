/** The metrics of an evaluation as rows, for the page and for a terminal: words and units are those of the loss. */
import type { MetricFacts } from "../../core/losses/loss_metric.ts";
import type { Interval } from "../../core/numerics/statistics.ts";
import type {
  JudgedReplica,
  Judgement,
  SequenceEvaluation,
} from "../../analysis/evaluate/evaluation.ts";
import { formatNumber } from "../format.ts";
import { withUnit } from "../metric_words.ts";

export type Network = Judgement & JudgedReplica;

/** One metric of one network. */
export interface MetricRow {
  readonly network: Network;
  /** With its unit, such as "loss (nats)". */
  readonly title: string;
  /** Such as "0.9912 [0.9892, 0.9929]". */
  readonly value: string;
  /** Such as "991 of 1000"; empty for a mean. */
  readonly count: string;
}

/** A value of a metric on the sequences of an evaluation; its interval is missing where they do not tell. */
export interface Measured {
  readonly value: number;
  readonly interval?: Interval;
}

/** What the loss declares of a metric. */
export const factsOf = ({ metrics }: SequenceEvaluation, name: string): Partial<MetricFacts> =>
  metrics[name] ?? {};

/** The metrics of an evaluation: the score first, the loss last. */
export function metricNames({ networks, score }: SequenceEvaluation): string[] {
  const { proportions = {}, means = {} } = networks[0] ?? {};
  const names = [...Object.keys(proportions), ...Object.keys(means), "loss"];
  return names.toSorted((a, b) => Number(b === score) - Number(a === score));
}

/** A metric of a network, whatever kind it is; NaN where it is not finite, or nothing was judged. */
export function measured({ proportions, means, intervals, loss }: Network, name: string): Measured {
  const proportion = proportions[name];
  if (proportion) {
    const { share, low, high } = proportion;
    return share === null ? { value: NaN } : { value: share, interval: { low, high } };
  }
  const value = (name === "loss" ? loss : means[name]) ?? NaN;
  const interval = intervals[name];
  return interval && Number.isFinite(value) ? { value, interval } : { value };
}

/** A share with four decimals, an amount with four digits; without its unit. */
export function formatValue({ kind }: Partial<MetricFacts>, value: number): string {
  if (!Number.isFinite(value)) return "none";
  // Without commas between digits: there is one between the ends of an interval.
  return kind === "share" ? value.toFixed(4) : formatNumber(value).replaceAll(",", "");
}

/** Such as "0.9912 [0.9892, 0.9929]". */
export function formatMeasured(
  facts: Partial<MetricFacts>,
  { value, interval }: Measured,
): string {
  const text = formatValue(facts, value);
  if (!interval) return text;
  return `${text} [${formatValue(facts, interval.low)}, ${formatValue(facts, interval.high)}]`;
}

/** A row for every metric of every network. @param options.words of a metric's name. */
export function metricRows(
  evaluation: SequenceEvaluation,
  { words, format }: {
    words: (name: string) => string;
    format: (count: number) => string;
  },
): MetricRow[] {
  const names = metricNames(evaluation);
  return evaluation.networks.flatMap((network) =>
    names.map((name) => {
      const facts = factsOf(evaluation, name);
      const proportion = network.proportions[name];
      return {
        network,
        title: withUnit(words(name), facts),
        value: formatMeasured(facts, measured(network, name)),
        count: proportion ? `${format(proportion.count)} of ${format(proportion.of)}` : "",
      };
    })
  );
}
