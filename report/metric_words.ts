/** Words and units of metrics, as the task and its loss declare them in `figures.json`. */
import type { MetricFacts } from "../core/losses/loss_metric.ts";
import { formatNumber, formatShare } from "./format.ts";
import { plain } from "./plain_text.ts";
import type { RunFiles } from "./run_files.ts";

/** The metric that the task is about. Runs of earlier versions do not name it: it was recall. */
export const scoreOf = ({ figures }: RunFiles): string => figures.bounds.score ?? "recall_accuracy";

/**
 * What is known of a metric of the loss, by its name without a split. Runs of earlier versions declare
 * nothing; a score with a chance level is a share all the same.
 */
export function factsOf(files: RunFiles, name: string): Partial<MetricFacts> {
  const { metrics, bounds } = files.figures;
  const facts = metrics[name];
  if (facts) return facts;
  if (name === scoreOf(files) && bounds.chance !== undefined) return { kind: "share" };
  return {};
}

/** Such as "recall accuracy". */
export const wordsOf = (name: string): string => plain(name.replaceAll("_", " "));

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A value with its unit: "0.99", "3.25 bits". */
export function formatMetric({ kind, unit }: Partial<MetricFacts>, value: number): string {
  const text = kind === "share" ? formatShare(value) : formatNumber(value);
  return unit === undefined || !Number.isFinite(value) ? text : `${text} ${plain(unit)}`;
}

/** Such as "loss (nats)"; words that end in the unit, such as "wrong bits", stay as they are. */
export const withUnit = (words: string, { unit }: Partial<MetricFacts>): string =>
  unit === undefined || words.endsWith(unit) ? words : `${words} (${plain(unit)})`;
