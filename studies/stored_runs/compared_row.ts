/** The rows of a comparison of stored runs: each point of each run, with its networks. */
import { join } from "node:path";
import { pointLabel } from "../../config/replicas.ts";
import { UsageError } from "../../config/usage_error.ts";
import type { MetricFacts } from "../../core/losses/loss_metric.ts";
import { readRunFigures } from "../../report/run_files.ts";
import type { Numbers } from "../../store/files/json_number.ts";
import type { MetricsRow } from "../../store/files/metrics.ts";
import { sampleMetrics } from "../../store/files/sample_metrics.ts";
import { readStatus } from "../../store/files/status.ts";
import { runName } from "../../store/stored_run.ts";
import { noCode } from "../../store/stored_code.ts";
import { readRun } from "../../runner/read_run.ts";

/** One point of a run (of a run without a sweep: the run). */
export interface ComparedRow {
  /** Unique among all rows. */
  readonly label: string;
  readonly folder: string;
  /** Seeds of its networks. */
  readonly seeds: readonly number[];
  /** Settings by path, with the values of the point. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The metric that its task is about; undefined if the run does not say. */
  readonly score: string | undefined;
  /** What is known of metrics, by name without a split. */
  readonly facts: Readonly<Record<string, MetricFacts>>;
  /** Newest metrics, one value a network. */
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  /** Rows of the log at even distances, with one value a network. */
  readonly log: readonly LogRow[];
  /** Whether these are all rows. */
  readonly isWhole: boolean;
}

export interface LogRow {
  readonly iteration: number;
  /** Sequences seen by one network. */
  readonly sequences: number;
  readonly values: Readonly<Record<string, readonly number[]>>;
}

/** Most rows: more columns nobody reads. */
export const mostRows = 64;

/**
 * Reads the rows of runs, in their order.
 *
 * @throws UsageError if there are fewer than two or too many, or a folder holds no run.
 */
export function readComparedRows(folders: readonly string[]): ComparedRow[] {
  const named = labelsOf(folders);
  const rows = folders.flatMap((folder, index) => rowsOf(folder, named[index]!));
  if (rows.length < 2) {
    throw new UsageError(
      `runs compare: expected two runs or more, or a sweep; got ${named.join()}`,
    );
  }
  if (rows.length > mostRows) {
    throw new UsageError(
      `runs compare: expected at most ${mostRows} runs and points, got ${rows.length}`,
    );
  }
  return rows;
}

function rowsOf(folder: string, name: string): ComparedRow[] {
  const { config, replicas } = readRun(folder, noCode);
  const status = readStatus(folder);
  const { metrics: facts, bounds } = readRunFigures(folder);
  const { rows: log, isWhole } = sampleMetrics(join(folder, "metrics.jsonl"));
  const points = Map.groupBy(replicas.keys(), (index) => replicas[index]!.point);
  return [...points.values()].map((indices) => {
    const { settings: point } = replicas[indices[0]!]!;
    const label = pointLabel(point);
    const ofPoint = (values: MetricsRow["values"]) => networksOf(values, indices);
    return {
      label: label === "" ? name : `${name}: ${label}`,
      folder,
      seeds: indices.map((index) => replicas[index]!.seed),
      settings: { ...settingsOf(config), ...point },
      score: status?.score ?? bounds.score,
      facts,
      metrics: ofPoint(status?.metrics ?? {}),
      log: log.map(({ iteration, sequences, values }) => ({
        iteration,
        sequences,
        values: ofPoint(values),
      })),
      isWhole,
    };
  });
}

/** The metrics of some networks; of a metric that the run has once, that value. */
function networksOf(
  values: Readonly<Record<string, Numbers>>,
  indices: readonly number[],
): Record<string, readonly number[]> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const all = [value].flat();
      return [name, all.length === 1 ? all : indices.map((index) => all[index] ?? NaN)];
    }),
  );
}

/** Settings by path; what makes the rows of a run is none. */
function settingsOf(config: object): Record<string, unknown> {
  const sections = Object.entries(config) as [string, Readonly<Record<string, unknown>>][];
  return Object.fromEntries(
    sections.filter(([section]) => section !== "code").flatMap(([section, values]) =>
      Object.entries(values).map(([key, value]) => [`${section}.${key}`, value] as const)
    ).filter(([path]) => path !== "training.sweep"),
  );
}

/** Names of folders; where two are equal, the paths. */
function labelsOf(folders: readonly string[]): string[] {
  const names = folders.map(runName);
  return names.map((name, index) =>
    names.indexOf(name) === index && names.lastIndexOf(name) === index ? name : folders[index]!
  );
}
