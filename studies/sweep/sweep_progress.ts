/** The progress of a sweep in a line. */
import { formatDuration } from "../../store/progress/format_progress.ts";
import { formatMetric } from "../../report/metric_words.ts";
import { readJsonFile } from "../../store/files/json_file.ts";
import { plainFile } from "../../store/files/plain_path.ts";
import { mostTrials } from "../search/space.ts";
import type { JobStanding } from "./job_standing.ts";
import { readJobs } from "./jobs_file.ts";
import { type PointState, readResults } from "./results.ts";
import { metricWords } from "./results_text.ts";
import type { Sweep } from "./sweep.ts";
import type { SweepJob } from "./sweep_job.ts";

const ended: ReadonlySet<PointState> = new Set(["done", "failed"]);

/**
 * A function that says how far a sweep is: points done, the best so far, and the time that is left if it goes on as
 * since the first call.
 */
export function createSweepProgress(
  sweep: Sweep,
  { standingOf, running, now = () => performance.now() / 1000 }: {
    standingOf: (job: SweepJob) => JobStanding;
    /** The jobs that are trained by this process. */
    running: { keys(): Iterable<SweepJob>; readonly size: number };
    now?: () => number;
  },
): () => string {
  const iterations = new Map<string, number>();
  const iterationsOf = (job: SweepJob) => {
    if (!iterations.has(job.name)) iterations.set(job.name, plannedIterations(sweep, job));
    return iterations.get(job.name)!;
  };
  let first: { readonly time: number; readonly share: number } | undefined;
  return () => {
    const { jobs, isComplete } = readJobs(sweep.paths.jobs);
    const results = readResults(sweep, { jobs, standingOf });
    const { points, metric } = results;
    const all = isComplete ? points.length : mostTrials(sweep.file);
    const done = points.filter(({ state }) => ended.has(state)).length;
    const partial = [...running.keys()].reduce(
      (sum, job) =>
        sum + job.trials.length * Math.min(1, standingOf(job).iterations / iterationsOf(job)),
      0,
    );
    const share = (done + partial) / all;
    first ??= { time: now(), share };
    const left = (now() - first.time) * (1 - share) / (share - first.share);
    const best = points.find(({ mean, state }) => state !== "failed" && Number.isFinite(mean));
    const failed = points.filter(({ state }) => state === "failed").length;
    // How far trials go is not known before they are judged.
    const isJudged = sweep.file.earlyTermination !== undefined;
    return [
      isJudged
        ? `${points.length} of ${all} points begun, ${done} trained`
        : `${done} of ${all} points`,
      ...failed > 0 ? [`${failed} failed`] : [],
      `${running.size} running`,
      ...best
        ? [
          `best ${metricWords(metric.name)} ${
            formatMetric(metric.facts, best.mean)
          } at ${best.label}`,
        ]
        : [],
      ...!isJudged && share > first.share ? [`about ${formatDuration(left)} left`] : [],
    ].join(", ");
  };
}

/** The iterations that the settings of a run say; infinite before it began. */
function plannedIterations({ paths }: Sweep, { name }: SweepJob): number {
  const { config } = paths.job(name);
  if (plainFile(config) === null) return Infinity;
  const { training } = readJsonFile(config) as { training?: { iterations?: number } };
  return training?.iterations ?? Infinity;
}
