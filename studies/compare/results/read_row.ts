/** Reads what the seeds of a row came to from the folders of its runs. */
import { join } from "node:path";
import { setAssignment } from "../../../config/config_file.ts";
import { buildTask } from "../../../config/build/build_run.ts";
import { resolveConfig } from "../../../config/resolve_config.ts";
import { replicasOf } from "../../../config/replicas.ts";
import type { RunConfig } from "../../../config/run_config.ts";
import { metricFacts } from "../../../core/losses/metric_facts.ts";
import type { MetricFacts } from "../../../core/losses/loss_metric.ts";
import type { Numbers } from "../../../store/files/json_number.ts";
import { readConfig } from "../../../store/files/config_file.ts";
import { readMetrics } from "../../../store/files/metrics.ts";
import { readStatus } from "../../../store/files/status.ts";
import { forEachRun, keepFurther } from "../../jobs/run_folders.ts";
import type { Row } from "../row.ts";

/** One kept line of metrics of a seed. */
export interface CurvePoint {
  readonly sequences: number;
  readonly seconds: number;
  /** NaN: it has diverged. */
  readonly score: number;
  readonly loss: number;
}

/** What became of one seed. */
export interface SeedResult {
  readonly seed: number;
  /** Name of the run's folder. */
  readonly run: string;
  /** Updates done. */
  readonly updates: number;
  readonly hasDiverged: boolean;
  /** On fresh sequences at the end; NaN: diverged. */
  readonly score: number;
  readonly loss: number;
  /** Newest norms, by name. */
  readonly norms: Readonly<Record<string, number>>;
  /** On held-out sequences, along the training. */
  readonly curve: readonly CurvePoint[];
}

/** One run of a row: all of its seeds side by side. */
export interface RunFacts {
  readonly run: string;
  readonly folder: string;
  readonly seeds: number;
  readonly iterations: number;
  readonly seconds: number;
}

export interface RowResult {
  readonly row: Row;
  readonly config: RunConfig;
  /** The metric that the task is about. */
  readonly score: string;
  readonly facts: { readonly score: MetricFacts; readonly loss: MetricFacts };
  /** Undefined: not known. */
  readonly chance: number | undefined;
  readonly bestLoss: number | undefined;
  /** By rising seed; of a seed that was trained twice, the run that got further. */
  readonly seeds: readonly SeedResult[];
  readonly runs: readonly RunFacts[];
}

/**
 * Reads the runs of a row.
 *
 * @param options.problem receives a line on each folder that cannot be used.
 */
export function readRow(
  out: string,
  { row, problem }: { row: Row; problem: (line: string) => void },
): RowResult {
  const { config } = resolveConfig(row.settings.map(setAssignment));
  const task = buildTask(config);
  const bySeed = new Map<number, SeedResult>();
  const runs: RunFacts[] = [];
  forEachRun(out, {
    configuration: row,
    problem,
    use({ run, folder }) {
      const { seeds, facts } = readRun({ run, folder }, task.score);
      runs.push(facts);
      for (const candidate of seeds) {
        const rank = ({ updates }: SeedResult) => [updates];
        keepFurther(bySeed, { key: candidate.seed, candidate, rank });
      }
    },
  });
  return {
    row,
    config,
    score: task.score,
    facts: { score: metricFacts(task.loss, task.score), loss: metricFacts(task.loss, "loss") },
    chance: known(task.chance),
    bestLoss: known(task.bestLoss),
    seeds: [...bySeed.values()].sort((a, b) => a.seed - b.seed),
    runs,
  };
}

const known = (value: number | undefined): number | undefined =>
  value === undefined || Number.isNaN(value) ? undefined : value;

/** The sequences that a metric was measured on, the most telling first. */
const splits = ["test", "eval", "train"] as const;

function readRun(
  { run, folder }: { run: string; folder: string },
  score: string,
): { seeds: SeedResult[]; facts: RunFacts } {
  const { training } = readConfig(folder) as { training: { seeds: number[] } };
  const count = replicasOf({ training: { seeds: training.seeds, sweep: {} } }).length;
  const curves = Array.from({ length: count }, (): CurvePoint[] => []);
  for (const { sequences, seconds, values } of readMetrics(join(folder, "metrics.jsonl"))) {
    const split = splits.slice(1).find((split) => values[`${split}/${score}`] !== undefined);
    if (split === undefined) continue;
    const of = (name: string, replica: number) => valueOf(values[`${split}/${name}`], replica);
    curves.forEach((curve, replica) =>
      curve.push({ sequences, seconds, score: of(score, replica), loss: of("loss", replica) })
    );
  }
  const status = readStatus(folder);
  const metrics = status?.metrics ?? {};
  const diverged = new Map(status?.diverged?.map((event) => [event.replica, event.iteration]));
  const split = splits.find((split) => metrics[`${split}/${score}`] !== undefined);
  const last = (name: string, replica: number) =>
    split === undefined ? NaN : valueOf(metrics[`${split}/${name}`], replica);
  return {
    seeds: training.seeds.map((seed, replica) => ({
      seed,
      run,
      updates: status?.iterations ?? 0,
      hasDiverged: diverged.has(replica),
      score: last(score, replica),
      loss: last("loss", replica),
      norms: normsOf(metrics, replica),
      curve: curves[replica]!,
    })),
    facts: {
      ...{ run, folder, seeds: count },
      iterations: status?.iterations ?? 0,
      seconds: status?.seconds ?? 0,
    },
  };
}

const valueOf = (numbers: Numbers | undefined, replica: number): number =>
  typeof numbers === "number" ? numbers : numbers?.[replica] ?? NaN;

/** Norms of weights and updates, by plasticity or by parameter, without their prefix. */
const normsOf = (
  metrics: Readonly<Record<string, Numbers>>,
  replica: number,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(metrics).flatMap(([name, numbers]) => {
      const [, norm] = /^plastic\/((?:weight|update)_norm_.*|norm\/.*)$/.exec(name) ?? [];
      return norm === undefined ? [] : [[norm, valueOf(numbers, replica)]];
    }),
  );
