/** Gives the processes that work on a sweep one job after another. */
import { isRunLocked, tryLock, withLock } from "../../store/files/run_lock.ts";
import { plainFolder } from "../../store/files/plain_path.ts";
import { type Budget, budgetOf } from "../search/early_stop.ts";
import { nextWork, type Work } from "../search/next_work.ts";
import type { KnownTrial } from "../search/trial.ts";
import type { JobStanding } from "./job_standing.ts";
import { type JobList, namedJobs, readJobs, writeJobs } from "./jobs_file.ts";
import { knownTrials } from "./known_trials.ts";
import { isAdaptive, type Sweep } from "./sweep.ts";
import type { SweepJob } from "./sweep_job.ts";

/** A job that this process alone works on until it releases it. */
export interface ClaimedJob {
  readonly job: SweepJob;
  readonly standing: JobStanding;
  /** How far it is trained now. */
  readonly budget: Budget;
  release(): void;
}

/**
 * Why there is no job.
 *
 * - done: nothing is left;
 * - wait: what is left is worked on, or waits for that;
 * - soon: the process of a worker that was killed still saves its run.
 */
export type NoJob = "done" | "wait" | "soon";

/** What a process knows of a sweep that it works on. */
export interface ClaimContext {
  readonly standingOf: (job: SweepJob) => JobStanding;
  readonly scoresOf: (job: SweepJob) => readonly KnownTrial["scores"][];
}

/**
 * Claims a job that has something to do, or asks the search for another point. One process at a time does that.
 *
 * @returns why there is none.
 */
export const claimJob = (sweep: Sweep, context: ClaimContext): ClaimedJob | NoJob =>
  withLock(sweep.paths.lock, () => {
    const list = readJobs(sweep.paths.jobs);
    return isAdaptive(sweep)
      ? claimTrial(sweep, list, context)
      : claimFirst(sweep, list.jobs, context);
  });

/** Claims the first job that is open and nobody works on. */
function claimFirst(
  sweep: Sweep,
  jobs: readonly SweepJob[],
  { standingOf }: ClaimContext,
): ClaimedJob | NoJob {
  let answer: NoJob = "done";
  for (const job of jobs) {
    if (!isOpen(standingOf(job))) continue;
    const release = lockJob(sweep, job);
    if (typeof release === "string") {
      if (answer !== "soon") answer = release;
      continue;
    }
    // Its process may have ended between the first look and the lock.
    const standing = standingOf(job);
    if (isOpen(standing)) return { job, standing, budget: { rows: Infinity }, release };
    release();
  }
  return answer;
}

/** Claims what the search wants next: a trial that was interrupted, one that goes on from its rung, or a new one. */
function claimTrial(
  sweep: Sweep,
  { jobs, isComplete }: JobList,
  context: ClaimContext,
): ClaimedJob | NoJob {
  const { file, paths, stored: { search_seed: seed } } = sweep;
  // Nobody can begin a job meanwhile: what is free now stays free.
  const busy = new Map(jobs.map((job) => [job, busyWith(sweep, job, context)]));
  const known = jobs.map((job) => {
    const [trial] = knownTrials(sweep, {
      job,
      standing: context.standingOf(job),
      scores: context.scoresOf(job),
    });
    return { job, trial: busy.get(job) ? { ...trial!, state: "running" as const } : trial! };
  });
  const trials = known.map(({ trial }) => trial);
  const interrupted = known.find(({ job, trial }) => trial.state === "running" && !busy.get(job));
  const work = interrupted
    ? [{ trial: interrupted.trial.trial, ...budgetOf(file, interrupted.trial) }]
    : nextWork(file, { seed, known: trials, count: 1 });
  if (work === "done" && !isComplete) writeJobs(paths.jobs, { jobs, isComplete: true });
  if (typeof work === "string") return [...busy.values()].includes("soon") ? "soon" : work;
  const [{ trial, rows }] = work as readonly [Work];
  let job = known.find((other) => other.trial.trial.number === trial.number)?.job;
  if (!job) {
    [job] = namedJobs([[trial]], jobs) as [SweepJob];
    writeJobs(paths.jobs, { jobs: [...jobs, job], isComplete });
  }
  const release = lockJob(sweep, job);
  if (typeof release === "string") return release;
  return { job, standing: context.standingOf(job), budget: { rows }, release };
}

/** Why an open job is not free; undefined: it is, or it has ended. */
function busyWith(sweep: Sweep, job: SweepJob, { standingOf }: ClaimContext): NoJob | undefined {
  if (!isOpen(standingOf(job))) return undefined;
  const release = lockJob(sweep, job);
  if (typeof release === "string") return release;
  release();
  return undefined;
}

const isOpen = ({ phase }: JobStanding): boolean => phase === "new" || phase === "partial";

/** Locks a job. @returns what frees it, or why it is not free. */
function lockJob({ paths }: Sweep, { name }: SweepJob): (() => void) | NoJob {
  const { lock, run } = paths.job(name);
  const release = tryLock(lock);
  if (!release) return "wait";
  if (plainFolder(run) === null || !isRunLocked(run)) return release;
  release();
  return "soon";
}
