/** Says what a sweep will train, and the memory that it takes. */
import type { Backend } from "../../core/backends/backend.ts";
import { availableMemory, describeRoom, formatBytes } from "../../config/build/memory.ts";
import { seedsName } from "../jobs/jobs.ts";
import { propose } from "../search/propose.ts";
import { mostTrials } from "../search/space.ts";
import type { JobStanding } from "./job_standing.ts";
import { type JobList, namedJobs } from "./jobs_file.ts";
import { jobBytes } from "./plan_jobs.ts";
import { jobConfig, pointConfig } from "./point_config.ts";
import { labelOf, sweptParameters } from "./results.ts";
import type { Sweep } from "./sweep.ts";
import type { SweepJob } from "./sweep_job.ts";

/** Lines of points and runs that are shown; more nobody reads. */
const MOST_LINES = 100;

/** What a sweep has to train, in a line. */
export function sweepLine(sweep: Sweep, { jobs, isComplete }: JobList, atOnce: number): string {
  const { seeds } = sweep.stored;
  const points = isComplete
    ? jobs.reduce((sum, { trials }) => sum + trials.length, 0)
    : mostTrials(sweep.file);
  const number = Number.isFinite(points)
    ? `${isComplete ? "" : "at most "}${points}`
    : "any number of";
  const runs = isComplete
    ? `${jobs.length} ${jobs.length === 1 ? "run" : "runs"}`
    : "a run each, chosen by what is found";
  const seedWord = seeds.length === 1 ? "seed" : "seeds";
  return `${sweep.file.method}: ${number} points with ${seeds.length} ${seedWord}, in ${runs}, ${
    Math.min(atOnce, isComplete ? jobs.length : Infinity)
  } at a time`;
}

/**
 * The points of each run, and the memory of the largest one.
 *
 * @param options.standingOf how far a job is.
 */
export function describeSweep(
  sweep: Sweep,
  list: JobList,
  { atOnce, backend, standingOf }: {
    atOnce: number;
    backend: Backend;
    standingOf: (job: SweepJob) => JobStanding;
  },
): string[] {
  const { jobs } = list;
  const parameters = sweptParameters(sweep);
  const lines = jobs.flatMap((job) => [
    `run ${job.name}: ${standingOf(job).phase}, ${job.trials.length} ${
      job.trials.length === 1 ? "point" : "points"
    }, ${seedsName(sweep.stored.seeds)}`,
    ...job.trials.map((trial) => `  ${labelOf(trial, parameters)}`),
  ]);
  return [
    ...lines.slice(0, MOST_LINES),
    ...lines.length > MOST_LINES ? [`and ${lines.length - MOST_LINES} more lines`] : [],
    sweepLine(sweep, list, atOnce),
    ...memoryLine(sweep, list.isComplete ? jobs : firstRuns(sweep), { atOnce, backend }),
  ];
}

/** Runs of a search, whose points are not known yet: those that it begins with. */
const firstRuns = ({ file, stored }: Sweep): SweepJob[] =>
  namedJobs(
    propose(file, { seed: stored.search_seed, known: [], count: 8 }).map((trial) => [trial]),
  );

/** Jobs whose memory is computed. */
const MOST_BILLS = 32;

function memoryLine(
  sweep: Sweep,
  jobs: readonly SweepJob[],
  { atOnce, backend }: { atOnce: number; backend: Backend },
): string[] {
  const largest = jobs.toSorted((a, b) => b.trials.length - a.trials.length).slice(0, MOST_BILLS);
  const bills = largest.flatMap(({ name, trials }) => {
    try {
      const config = jobConfig(trials.map(({ values }) => pointConfig(sweep, values)));
      return [{ name, bytes: jobBytes(config, backend) }];
    } catch {
      // A point that cannot be trained: its run will say why.
      return [];
    }
  }).sort((a, b) => b.bytes - a.bytes);
  const [most] = bills;
  if (!most) return [];
  const together = bills.slice(0, atOnce).reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    `memory: about ${formatBytes(most.bytes)} of run ${most.name}, the largest, ` +
    `${formatBytes(together)} of the largest ${Math.min(atOnce, bills.length)} at a time` +
    describeRoom(availableMemory()),
  ];
}
