/** Tables of a run: its outcome, its last metrics, and a nested record as flat paths. */
import { formatCount, formatNumber, formatSeconds } from "../format.ts";
import type { Table } from "../html.ts";
import { stateOf } from "../outcome.ts";
import { factsOf, withUnit } from "../metric_words.ts";
import { replicaCount } from "../replica_names.ts";
import type { RunFiles } from "../run_files.ts";
import { finiteMean } from "./curve.ts";
import { lastMetrics } from "./last_metrics.ts";

/** State, length and device of the run. */
export function summaryTable(files: RunFiles): Table {
  const { status } = files;
  const { end_reason, iterations, sequences, seconds, device } = status;
  const replicas = replicaCount(files);
  const rate = sequences !== undefined && seconds ? sequences * replicas / seconds : undefined;
  const rows: [string, string | undefined][] = [
    ["State", stateOf(status)],
    ["End reason", end_reason ?? undefined],
    ["Iterations", iterations === undefined ? undefined : formatCount(iterations)],
    [sequencesTitle(files), sequences === undefined ? undefined : formatCount(sequences)],
    ["Time", seconds === undefined ? undefined : formatSeconds(seconds)],
    [
      `Sequences a second${replicas > 1 ? ", all replicas" : ""}`,
      rate === undefined ? undefined : formatNumber(Number(rate.toFixed(1))),
    ],
    ["Device", device],
  ];
  return {
    columns: ["Run", "Value"],
    rows: rows.flatMap(([name, value]) => value === undefined ? [] : [[name, value]]),
  };
}

/** What the number of sequences in the status counts. */
export const sequencesTitle = (files: RunFiles): string =>
  replicaCount(files) > 1 ? "Sequences of each replica" : "Sequences";

/** The name of a logged metric, with its unit: "test/loss (nats)". */
export function metricTitle(files: RunFiles, key: string): string {
  const name = /^(?:train|eval|test)\/(.+)$/.exec(key)?.[1];
  return name === undefined ? key : withUnit(key, factsOf(files, name));
}

/** The last value of every metric; of several replicas their mean, deviation and extremes. */
export function metricsTable(files: RunFiles): Table {
  const metrics = [...lastMetrics(files)];
  const many = metrics.some(([, values]) => values.length > 1);
  if (!many) {
    return {
      columns: ["Metric", "Last value"],
      rows: metrics.map((
        [key, values],
      ) => [metricTitle(files, key), formatNumber(values[0] ?? NaN)]),
    };
  }
  return {
    columns: ["Metric", "Mean", "SD", "Lowest", "Highest", "Finite replicas"],
    rows: metrics.map(([key, values]) => [metricTitle(files, key), ...spread(values)]),
  };
}

/** A row for every leaf of `record`: its path, joined by dots, and its value. */
export function recordTable(record: Readonly<Record<string, unknown>>, heading: string): Table {
  return {
    columns: [heading, "Value"],
    rows: Object.entries(record).flatMap(([key, value]) => leaves(key, value)),
  };
}

function leaves(path: string, value: unknown): string[][] {
  if (Array.isArray(value) && !value.some(isNested)) {
    return [[path, `[${value.map(leafText).join(", ")}]`]];
  }
  if (!isNested(value)) return [[path, leafText(value)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, "{}"]];
  return entries.flatMap(([key, inner]) => leaves(`${path}.${key}`, inner));
}

function isNested(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function leafText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Mean, sample standard deviation, extremes and number of the finite values. */
function spread(values: readonly number[]): string[] {
  const finite = values.filter(Number.isFinite);
  const mean = finiteMean(values);
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sd = finite.length > 1 ? formatNumber(Math.sqrt(squares / (finite.length - 1))) : "–";
  const extremes = finite.length > 0
    ? [formatNumber(Math.min(...finite)), formatNumber(Math.max(...finite))]
    : ["–", "–"];
  return [formatNumber(mean), sd, ...extremes, `${finite.length} of ${values.length}`];
}
