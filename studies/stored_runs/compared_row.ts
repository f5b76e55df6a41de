/** The rows of a comparison of stored runs: each point of each run, with its networks. */
import { join } from "node:path";
import { firstOfPoints, pointLabel } from "../../config/replicas.ts";
import { UsageError } from "../../config/usage_error.ts";
import type { MetricFacts } from "../../core/losses/loss_metric.ts";
import { readRunFigures } from "../../report/run_files.ts";
import type { Numbers } from "../../store/files/json_number.ts";
import type { MetricsRow } from "../../store/files/metrics.ts";
import { sampleMetrics } from "../../store/files/sample_metrics.ts";
import { readStatus } from "../../store/files/status.ts";
import { settingsByPath } from "../../store/settings_by_path.ts";
import { runName } from "../../store/stored_run.ts";
import { noCode } from "../../store/stored_code.ts";
import { readRun } from "../../runner/read_run.ts";
import type { StoredRun } from "../../runner/stored_run.ts";

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
  const labels = labelsOf(folders);
  const runs = folders.map((folder) => readRun(folder, noCode));
  const count = runs.reduce((sum, { replicas }) => sum + firstOfPoints(replicas).length, 0);
  if (count < 2) {
    const named = labels.join(", ");
    throw new UsageError(`runs compare: expected two runs or more, or a sweep; got ${named}`);
  }
  if (count > mostRows) {
    throw new UsageError(
      `runs compare: expected at most ${mostRows} runs and points, got ${count}`,
    );
  }
  return runs.flatMap((run, index) => rowsOf(run, labels[index]!));
}

function rowsOf({ folder, config, replicas }: StoredRun, name: string): ComparedRow[] {
  const status = readStatus(folder);
  const { metrics: facts, bounds } = readRunFigures(folder);
  const { rows: log, isWhole } = sampleMetrics(join(folder, "metrics.jsonl"));
  return firstOfPoints(replicas).map(({ point, settings }) => {
    const label = pointLabel(settings);
    const indices = [...replicas.keys()].filter((index) => replicas[index]!.point === point);
    const ofPoint = (values: MetricsRow["values"]) => networksOf(values, indices);
    return {
      label: label === "" ? name : `${name}: ${label}`,
      folder,
      seeds: indices.map((index) => replicas[index]!.seed),
      settings: { ...settingsByPath(config), ...settings },
      score: status?.score ?? bounds.score,
      facts,
      metrics: ofPoint(status?.metrics ?? {}),
      log: log.map((row) => ({ ...row, values: ofPoint(row.values) })),
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

/** Names of folders; where two are equal, the paths. */
function labelsOf(folders: readonly string[]): string[] {
  const names = folders.map(runName);
  return names.map((name, index) =>
    names.indexOf(name) === index && names.lastIndexOf(name) === index ? name : folders[index]!
  );
}
