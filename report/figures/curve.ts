/** Reads one metric over the lines of `metrics.jsonl`. */
import type { MetricsRow, MetricValue } from "../run_files.ts";
import type { SweepNames } from "../sweep_names.ts";

/** One metric over a run. */
export interface Curve {
  readonly key: string;
  /** Metrics rows that hold the metric, thinned to what a screen can show. */
  readonly rows: readonly number[];
  /** [P, rows]; NaN where a replica has no value. */
  readonly replicas: readonly (readonly number[])[];
  /** [rows]: mean over the replicas that are finite there, NaN where none is. */
  readonly mean: readonly number[];
  /** Every `stride`-th logged row is drawn; 1 draws all. */
  readonly stride: number;
  /** Names of the replicas and points of a sweep. */
  readonly sweep?: SweepNames;
}

/** Most points of all replicas together. */
const pointBudget = 20_000;
/** Most and fewest points of one replica; the fewest win over the budget. */
const longestCurve = 2_000;
const shortestCurve = 200;

/** A metric as [P] numbers; empty if it is absent or text. */
export function replicaValues(value: MetricValue | undefined): readonly number[] {
  if (typeof value === "number") return [value];
  return Array.isArray(value) ? value : [];
}

/** Mean of the finite values, NaN where there is none. */
export function finiteMean(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}

/**
 * The curve of metric `key`; undefined if no row holds it. Of a long run it keeps every k-th row,
 * and always the last one.
 *
 * @param sweep names the replicas.
 */
export function readCurve(
  metrics: readonly MetricsRow[],
  key: string,
  sweep?: SweepNames,
): Curve | undefined {
  const rows = metrics.flatMap((row, index) => {
    const values = replicaValues(row[key]);
    return values.length > 0 ? [{ index, values }] : [];
  });
  const last = rows.at(-1);
  if (last === undefined) return undefined;
  const replicas = rows.reduce((most, { values }) => Math.max(most, values.length), 0);
  const most = Math.min(longestCurve, Math.max(shortestCurve, Math.floor(pointBudget / replicas)));
  const stride = Math.ceil(rows.length / most);
  const kept = rows.filter((row, index) => index % stride === 0 || row === last);
  return {
    key,
    rows: kept.map(({ index }) => index),
    replicas: Array.from(
      { length: replicas },
      (_, replica) => kept.map(({ values }) => values[replica] ?? NaN),
    ),
    mean: kept.map(({ values }) => finiteMean(values)),
    stride,
    ...sweep?.labels.length === replicas ? { sweep } : {},
  };
}

/** [rows]: the mean over those of some replicas that are finite in a row. */
export const meanCurve = ({ rows, replicas }: Curve, some: readonly number[]): number[] =>
  rows.map((_, row) => finiteMean(some.map((replica) => replicas[replica]![row]!)));

/** A sentence that tells which values a drawing of these curves leaves out; empty if none. */
export function thinningNote(curves: readonly Curve[]): string {
  const stride = Math.max(1, ...curves.map((curve) => curve.stride));
  return stride === 1 ? "" : `Every ${ordinal(stride)} logged value is drawn.`;
}

function ordinal(value: number): string {
  const teen = value % 100 >= 11 && value % 100 <= 13;
  const ending = teen ? "th" : ["th", "st", "nd", "rd"][value % 10] ?? "th";
  return `${value}${ending}`;
}
