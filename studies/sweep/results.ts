/** What came out of a sweep: its points, best first. */
import { pathNames } from "../../config/replicas.ts";
import { type Interval, mean } from "../../core/numerics/statistics.ts";
import { boundedInterval } from "../../report/runs/metric_interval.ts";
import { textOf } from "../../store/index/select_runs.ts";
import type { JsonValue, Trial } from "../search/trial.ts";
import type { JobStanding } from "./job_standing.ts";
import { valuesByTrial } from "./known_trials.ts";
import { pointConfig } from "./point_config.ts";
import { isAdaptive, type Sweep } from "./sweep.ts";
import type { SweepJob } from "./sweep_job.ts";
import { type RankingMetric, rankingMetric } from "./sweep_metric.ts";

/** How far a point is: trained, ended or paused at a rung, on its way, failed, or not begun. */
export type PointState = "done" | "stopped" | "partial" | "failed" | "new";

/** A point of a sweep, and what came out. */
export interface SweepPoint {
  readonly trial: Trial;
  /** Its values that vary, such as "learning rate 0.01, hidden size 64". */
  readonly label: string;
  /** The name of the job that trains it. */
  readonly job: string;
  /** Its place among the points of the job. */
  readonly place: number;
  readonly state: PointState;
  /** [seeds], the newest value of the metric; NaN of a network that has diverged; empty: not known. */
  readonly values: readonly number[];
  /** Over the finite values; NaN: there are none. */
  readonly mean: number;
  /** 95% interval of the mean (Student's t); undefined for fewer than two values. */
  readonly interval: Interval | undefined;
  /** Iterations done. */
  readonly iterations: number;
  /** Why it failed, in a line. */
  readonly problem: string | undefined;
}

/** A setting that varies. */
export interface SweptParameter {
  /** Such as `updater.learning_rate`. */
  readonly path: string;
  /** Such as "learning rate". */
  readonly name: string;
}

/** What came out of a sweep. */
export interface SweepResults {
  readonly metric: RankingMetric;
  readonly seeds: readonly number[];
  readonly parameters: readonly SweptParameter[];
  /** Best first; then those that were stopped early, those on their way, and those that failed. */
  readonly points: readonly SweepPoint[];
  /** Training time of all runs, in seconds. */
  readonly seconds: number;
}

/** Reads what came out by now. @param standingOf how far a job is. */
export function readResults(
  sweep: Sweep,
  { jobs, standingOf }: {
    jobs: readonly SweepJob[];
    standingOf: (job: SweepJob) => JobStanding;
  },
): SweepResults {
  const { seeds } = sweep.stored;
  const metric = metricOfSweep(sweep, jobs);
  const parameters = sweptParameters(sweep);
  const standings = jobs.map((job) => ({ job, standing: standingOf(job) }));
  const points = standings.flatMap(({ job, standing }) =>
    pointsOf({ job, standing }, { metric, parameters, isAdaptive: isAdaptive(sweep) })
  );
  return {
    metric,
    seeds,
    parameters,
    points: points.sort(bestFirst(metric)),
    seconds: standings.reduce((sum, { standing }) => sum + standing.seconds, 0),
  };
}

/** Settings that have more than one value. */
export function sweptParameters({ file: { parameters } }: Sweep): SweptParameter[] {
  const paths = parameters.filter(({ domain }) =>
    domain.kind === "range" || domain.values.length > 1
  )
    .map(({ path }) => path);
  const nameOf = pathNames(paths);
  return paths.map((path) => ({ path, name: nameOf(path) }));
}

/** A point in words, by the values that vary: "learning rate 0.01, hidden size 64". */
export const labelOf = ({ values }: Trial, parameters: readonly SweptParameter[]): string =>
  parameters.map(({ path, name }) => `${name} ${valueText(values[path])}`).join(", ");

/** A value in words; numbers of a search have more digits than anybody reads. */
export const valueText = (value: JsonValue | undefined): string =>
  value === undefined || value === null
    ? "–"
    : typeof value === "number"
    ? String(Number(value.toPrecision(4)))
    : textOf(value);

/** The metric by the first point whose settings make a network. */
function metricOfSweep(sweep: Sweep, jobs: readonly SweepJob[]): RankingMetric {
  const trials = jobs.flatMap(({ trials }) => trials);
  for (const { values } of trials) {
    try {
      return rankingMetric(sweep.file, pointConfig(sweep, values));
    } catch {
      // A point that cannot be trained.
    }
  }
  const { metric } = sweep.file;
  return {
    name: metric?.name ?? "loss",
    better: metric?.goal === "maximize" ? "more" : "less",
    facts: {},
  };
}

function pointsOf(
  { job, standing }: { job: SweepJob; standing: JobStanding },
  { metric, parameters, isAdaptive }: {
    metric: RankingMetric;
    parameters: readonly SweptParameter[];
    isAdaptive: boolean;
  },
): SweepPoint[] {
  const { phase, iterations, metrics, problem } = standing;
  const all = valuesByTrial(metrics, metric.name, job.trials.length);
  const state = phase === "partial" && isAdaptive ? "stopped" : phase;
  return job.trials.map((trial, place): SweepPoint => {
    const values = all[place]!;
    const finite = values.filter(Number.isFinite);
    return {
      ...{ trial, state, values, iterations, problem, job: job.name, place },
      label: labelOf(trial, parameters),
      mean: mean(finite),
      interval: boundedInterval(finite, metric.facts),
    };
  });
}

const stateRanks: Readonly<Record<PointState, number>> = {
  done: 0,
  stopped: 1,
  partial: 2,
  new: 3,
  failed: 4,
};

/** Networks of a point that have diverged. */
export const lostOf = ({ values }: SweepPoint): number =>
  values.filter((value) => !Number.isFinite(value)).length;

/**
 * An order of points. A mean without the networks that diverged is too good, so points that lost some come later;
 * and a score after few iterations says less than one after many.
 */
function bestFirst({ better }: RankingMetric): (a: SweepPoint, b: SweepPoint) => number {
  const sign = better === "more" ? -1 : 1;
  const isUnknown = ({ mean }: SweepPoint) => Number(Number.isNaN(mean));
  return (a, b) =>
    stateRanks[a.state] - stateRanks[b.state] ||
    (a.state === "done" ? 0 : b.iterations - a.iterations) ||
    isUnknown(a) - isUnknown(b) || lostOf(a) - lostOf(b) || sign * (a.mean - b.mean) ||
    a.trial.number - b.trial.number;
}
