/** The results of a sweep as lines for standard output, and as CSV. */
import { meanInterval } from "../../core/numerics/statistics.ts";
import { formatNumber } from "../../report/format.ts";
import { formatMetric, wordsOf } from "../../report/metric_words.ts";
import { plainTable } from "../../report/runs/plain_table.ts";
import { cellText } from "../../runner/export/write_csv.ts";
import { textOf } from "../../store/index/select_runs.ts";
import type { JsonValue } from "../search/trial.ts";
import { lostOf, type SweepPoint, type SweepResults, valueText } from "./results.ts";

/** Points that are printed; the files have all. */
const MOST_LINES = 10;

/**
 * What of a point's outcome is told in a cell: "0.953 ± 0.012", and the networks that diverged. The half width is that
 * of the whole interval, of which `interval` may be a part: beside ± it would look surer than it is.
 */
export function outcomeText(point: SweepPoint): string {
  const { mean, values, state, problem } = point;
  if (state === "failed") return `failed: ${problem ?? "nobody knows why"}`;
  if (values.length === 0) return state === "new" ? "not begun" : "–";
  const lost = lostOf(point);
  if (lost === values.length) return "diverged";
  const whole = meanInterval(values.filter(Number.isFinite));
  const half = whole && (whole.high - whole.low) / 2;
  return [
    digits(mean, 4) + (half === undefined ? "" : ` ± ${digits(half, 2)}`),
    ...lost > 0 ? [`(${lost} of ${values.length} diverged)`] : [],
  ].join(" ");
}

const digits = (value: number, precision: number): string =>
  formatNumber(Number(value.toPrecision(precision)));

/** What is told of how far a point is; empty of one that is done. */
export const stateText = ({ state, iterations }: SweepPoint): string =>
  ({
    done: "",
    stopped: `stopped at iteration ${iterations}`,
    partial: `at iteration ${iterations}`,
    new: "",
    failed: "",
  })[state];

/** The best points as a table, and the points that failed, a line each. */
export function resultLines({ metric, parameters, points }: SweepResults): string[] {
  const shown = points.filter(({ state }) => state !== "failed").slice(0, MOST_LINES);
  const rows = shown.map((point) => [
    `run ${point.job}`,
    ...parameters.map(({ path }) => valueText(point.trial.values[path])),
    outcomeText(point),
    stateText(point),
  ]);
  const failed = points.filter(({ state }) => state === "failed");
  const more = points.length - failed.length - shown.length;
  return [
    ...rows.length === 0 ? [] : plainTable([
      ["", ...parameters.map(({ name }) => name), metricWords(metric.name), ""],
      ...rows,
    ]),
    ...more > 0 ? [`and ${more} more points`] : [],
    ...failed.slice(0, MOST_LINES).map(({ label, job, problem }) =>
      `failed: ${label} (run ${job}): ${problem}`
    ),
    ...failed.length > MOST_LINES ? [`and ${failed.length - MOST_LINES} more failed points`] : [],
  ];
}

/** Such as "recall accuracy" or "loss (eval)". */
export function metricWords(name: string): string {
  const [, split, measure = name] = /^(?:(\w+)\/)?(.*)$/s.exec(name) ?? [];
  return `${wordsOf(measure)}${split === undefined ? "" : ` (${split})`}`;
}

/** The best point in a sentence; undefined if none is known. */
export function bestSentence({ metric, points }: SweepResults): string | undefined {
  const best = points.find(({ mean, state }) => state !== "failed" && Number.isFinite(mean));
  if (!best) return undefined;
  const { mean, interval, values, label } = best;
  const format = (value: number) => formatMetric(metric.facts, value);
  const over = interval
    ? ` (mean of ${values.length - lostOf(best)} seeds, 95% interval ${format(interval.low)} to ${
      format(interval.high)
    })`
    : "";
  return `Best point: ${label || "the only one"}, with ${metricWords(metric.name)} ${
    format(mean)
  }${over}.`;
}

/** All points as CSV, best first; a column for each setting and seed. */
export function resultsCsv({ metric, parameters, seeds, points }: SweepResults): string {
  const header = [
    ...["rank", "run", "state", "iterations"],
    ...parameters.map(({ path }) => path),
    ...[metric.name, "low_95", "high_95", "diverged"],
    ...seeds.map((seed) => `seed_${seed}`),
    "problem",
  ];
  const lines = points.map((point, index) => [
    ...[index + 1, point.job, point.state, point.iterations],
    ...parameters.map(({ path }) => cellOf(point.trial.values[path])),
    ...[point.values.length === 0 ? null : point.mean],
    ...[point.interval?.low ?? null, point.interval?.high ?? null],
    point.values.length === 0 ? null : lostOf(point),
    ...seeds.map((_, seed) => point.values[seed] ?? null),
    point.problem ?? null,
  ]);
  return [header, ...lines].map((line) => `${line.map(cellText).join(",")}\n`).join("");
}

const cellOf = (value: JsonValue | undefined): string | number | null =>
  value === undefined || value === null ? null : typeof value === "number" ? value : textOf(value);
