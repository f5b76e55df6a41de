/** The tables of a comparison of stored runs: a column for each row of it. */
import { mean, meanInterval } from "../../core/numerics/statistics.ts";
import { formatNumber } from "../../report/format.ts";
import type { Table } from "../../report/html.ts";
import { splits } from "../../store/index/run_fields.ts";
import { textOf } from "../../store/index/select_runs.ts";
import type { ComparedRow } from "./compared_row.ts";

const none = "–";

/** The settings in which rows differ; undefined if there are none. */
export function settingsTable(rows: readonly ComparedRow[]): Table | undefined {
  const paths = differingSettings(rows);
  if (paths.length === 0) return undefined;
  return {
    columns: ["Setting", ...rows.map(({ label }) => label)],
    rows: paths.map((path) => [
      path,
      ...rows.map(({ settings }) => Object.hasOwn(settings, path) ? textOf(settings[path]) : none),
    ]),
  };
}

/** Paths of settings that not all rows have with one value, in the order of configs. */
export function differingSettings(rows: readonly ComparedRow[]): string[] {
  const paths = new Set(rows.flatMap(({ settings }) => Object.keys(settings)));
  return [...paths].filter((path) =>
    new Set(rows.map(({ settings }) => JSON.stringify(settings[path]))).size > 1
  );
}

/** Values of a metric over the networks of a row. */
export interface MetricSummary {
  /** Networks with a finite value. */
  readonly count: number;
  /** Networks without. */
  readonly others: number;
  readonly mean: number;
  /** The 95% interval of the mean (Student's t); undefined for fewer than two values. */
  readonly interval: { readonly low: number; readonly high: number } | undefined;
}

/** Of a row that lacks the metric undefined. */
export function summaryOf({ metrics }: ComparedRow, name: string): MetricSummary | undefined {
  const values = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  if (!values || values.length === 0) return undefined;
  const finite = values.filter(Number.isFinite);
  return {
    count: finite.length,
    others: values.length - finite.length,
    mean: mean(finite),
    interval: meanInterval(finite),
  };
}

/** The newest value of metrics: the mean, half of its interval, and the networks that have none. */
export function metricTable(rows: readonly ComparedRow[], names: readonly string[]): Table {
  return {
    columns: ["Metric", ...rows.map(({ label }) => label)],
    rows: [
      ["networks", ...rows.map(({ seeds }) => String(seeds.length))],
      ...names.map((name) => [name, ...rows.map((row) => summaryText(summaryOf(row, name)))]),
    ],
  };
}

function summaryText(summary: MetricSummary | undefined): string {
  if (!summary) return none;
  const { count, others, mean, interval } = summary;
  if (count === 0) return "not finite";
  const half = interval && (interval.high - interval.low) / 2;
  const digits = (value: number, precision: number) =>
    formatNumber(Number(value.toPrecision(precision)));
  return digits(mean, 4) +
    (half === undefined ? "" : ` ± ${digits(half, 2)}`) +
    (others === 0 ? "" : ` (${others} not finite)`);
}

/** All metrics that a row has: scores and losses first, the test sequences before others. */
export function metricNamesOf(rows: readonly ComparedRow[]): string[] {
  const names = new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)));
  const first = mainMetrics(rows);
  return [...first, ...[...names].filter((name) => !first.includes(name)).sort()];
}

/** Scores and losses, by split. */
export function mainMetrics(rows: readonly ComparedRow[]): string[] {
  const names = new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)));
  const measures = [...new Set([...rows.flatMap(({ score }) => score ?? []), "loss"])];
  return splits.flatMap((split) => measures.map((measure) => `${split}/${measure}`))
    .filter((name) => names.has(name));
}
