/** What a search is told of its trials. */
import { join } from "node:path";
import { mean } from "../../core/numerics/statistics.ts";
import type { Numbers } from "../../store/files/json_number.ts";
import { readMetrics } from "../../store/files/metrics.ts";
import { stampOf } from "../../store/index/find_runs.ts";
import type { KnownTrial, Score, Trial } from "../search/trial.ts";
import type { JobStanding } from "./job_standing.ts";
import type { Sweep } from "./sweep.ts";
import type { SweepJob } from "./sweep_job.ts";
import { valuesOf } from "./sweep_metric.ts";

/** Scores of all trials of a job, [trials][rows]. */
type JobScores = readonly (readonly Score[])[];

/**
 * Reads the scores of the trials of jobs. Logs that have not changed are not read again.
 *
 * @param metric of rows, such as `eval/loss`, or without a split.
 */
export function createScoreReader(
  { paths }: Sweep,
  metric: string,
): (job: SweepJob) => JobScores {
  const read = new Map<string, { stamp: string | undefined; scores: JobScores }>();
  return (job) => {
    const { run } = paths.job(job.name);
    const stamp = stampOf(run);
    const known = read.get(job.name);
    if (known && known.stamp === stamp) return known.scores;
    const scores = stamp === undefined ? job.trials.map(() => []) : scoresOf(run, job, metric);
    read.set(job.name, { stamp, scores });
    return scores;
  };
}

function scoresOf(run: string, { trials }: SweepJob, metric: string): JobScores {
  const scores = trials.map((): Score[] => []);
  for (const { iteration, values } of readMetrics(join(run, "metrics.jsonl"))) {
    const byTrial = valuesByTrial(values, metric, trials.length);
    scores.forEach((rows, trial) => rows.push({ iteration, value: scoreOf(byTrial[trial]!) }));
  }
  return scores;
}

/** [trials][seeds], the values of a metric; empty lists where there is none. */
export function valuesByTrial(
  metrics: Readonly<Record<string, Numbers>>,
  metric: string,
  trials: number,
): readonly (readonly number[])[] {
  const values = valuesOf(metrics, metric) ?? [];
  const seeds = values.length / trials;
  return Array.from(
    { length: trials },
    (_, trial) => values.slice(trial * seeds, (trial + 1) * seeds),
  );
}

/** The mean over seeds; NaN where one of them has diverged. */
const scoreOf = (values: readonly number[]): number =>
  values.length > 0 && values.every(Number.isFinite) ? mean(values) : NaN;

/** What the search is told of the trials of a job. @param logEvery iterations between two rows. */
export function knownTrials(
  { file }: Sweep,
  { job: { trials }, standing, scores }: {
    job: SweepJob;
    standing: JobStanding;
    scores: JobScores;
  },
): KnownTrial[] {
  const rungs = file.earlyTermination?.rungs ?? [];
  return trials.map((trial: Trial, index) => {
    const own = scores[index]!;
    const state = standing.phase === "done"
      ? "finished"
      : standing.phase === "failed"
      ? "failed"
      : rungs.includes(own.length)
      ? "paused"
      : "running";
    return { trial, state, scores: own };
  });
}
