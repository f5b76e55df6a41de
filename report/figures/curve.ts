/** Reads one metric over the lines of `metrics.jsonl`. */
import type { MetricValue } from "../run_files.ts";
import type { CurveValues, RunMetrics } from "../run_metrics.ts";
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
  /** Logged values that two drawn ones stand for, the lowest and the highest; 1: all are drawn. */
  readonly stretch: number;
  /** Names of the replicas and points of a sweep. */
  readonly sweep?: SweptLines;
}

/** What the lines of a sweep are called. */
export type SweptLines = Pick<SweepNames, "labels" | "points">;

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
 * The curve of metric `key`; undefined if no row holds it.
 *
 * @param sweep names the replicas.
 */
export function readCurve(
  { curves }: RunMetrics,
  key: string,
  sweep?: SweptLines,
): Curve | undefined {
  const logged = curves.get(key);
  if (logged === undefined) return undefined;
  return curveOf(key, { ...logged, sweep });
}

/**
 * The mean of each stretch of logged values of metric `key`: what can be smoothed further, as the lowest
 * and highest values cannot. Undefined if no row holds it.
 */
export function readAverages(
  { curves }: RunMetrics,
  key: string,
  sweep?: SweptLines,
): Curve | undefined {
  const logged = curves.get(key);
  if (logged === undefined) return undefined;
  return curveOf(key, { ...logged.averages, stretch: logged.stretch, sweep });
}

function curveOf(
  key: string,
  { rows, values, stretch, sweep }: CurveValues & {
    stretch: number;
    sweep: SweptLines | undefined;
  },
): Curve {
  const replicas = values.reduce((most, { length }) => Math.max(most, length), 0);
  return {
    key,
    rows,
    replicas: Array.from(
      { length: replicas },
      (_, replica) => values.map((ofRow) => ofRow[replica] ?? NaN),
    ),
    mean: values.map(finiteMean),
    stretch,
    ...sweep?.labels.length === replicas ? { sweep } : {},
  };
}

/** [rows]: the mean over those of some replicas that are finite in a row. */
export const meanCurve = ({ rows, replicas }: Curve, some: readonly number[]): number[] =>
  rows.map((_, row) => finiteMean(some.map((replica) => replicas[replica]![row]!)));

/** A sentence that tells which values a drawing of these curves leaves out; empty if none. */
export function thinningNote(curves: readonly Curve[]): string {
  const stretch = Math.max(1, ...curves.map((curve) => curve.stretch));
  return stretch === 1
    ? ""
    : `Of every ${stretch} logged values the lowest and the highest are drawn.`;
}
