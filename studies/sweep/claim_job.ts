/** Gives the processes that work on a sweep one job after another. */
import { isRunLocked, tryLock, withLock } from "../../store/files/run_lock.ts";
import { type Budget, budgetOf, promotedTrials } from "../search/early_stop.ts";
import { propose } from "../search/propose.ts";
import type { KnownTrial } from "../search/trial.ts";
import type { JobStanding } from "./job_standing.ts";
import { namedJobs, readJobs, writeJobs } from "./jobs_file.ts";
import { knownTrials } from "./known_trials.ts";
import type { Sweep } from "./sweep.ts";
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
    const { jobs, isComplete } = readJobs(sweep.paths.jobs);
    const states = jobs.map((job) => stateOf(sweep, job, context));
    const known = states.flatMap(({ known }) => known);
    const claimed = claimOpen(sweep, { states, known, context });
    if (typeof claimed === "object" || isComplete) return claimed;
    const trials = propose(sweep.file, { seed: sweep.stored.search_seed, known, count: 1 });
    if (trials.length === 0) {
      writeJobs(sweep.paths.jobs, { jobs, isComplete: true });
      return claimed;
    }
    const added = namedJobs(trials.map((trial) => [trial]), jobs);
    writeJobs(sweep.paths.jobs, { jobs: [...jobs, ...added], isComplete });
    const news = added.map((job) => stateOf(sweep, job, context));
    return claimOpen(sweep, { states: news, known, context });
  });

interface JobNow {
  readonly job: SweepJob;
  readonly standing: JobStanding;
  /** Empty where no search asks. */
  readonly known: readonly KnownTrial[];
}

function stateOf(
  sweep: Sweep,
  job: SweepJob,
  { standingOf, scoresOf }: ClaimContext,
): JobNow {
  const standing = standingOf(job);
  const known = isAdaptive(sweep)
    ? knownTrials(sweep, { job, standing, scores: scoresOf(job) })
    : [];
  return { job, standing, known };
}

/** Whether what is trained next depends on what was found. */
export const isAdaptive = ({ file: { method, metric, earlyTermination } }: Sweep): boolean =>
  method === "bayes" || earlyTermination !== undefined || metric?.target !== undefined;

/** Claims the first job that is open, has more to train, and nobody works on. */
function claimOpen(
  sweep: Sweep,
  { states, known, context }: {
    states: readonly JobNow[];
    known: readonly KnownTrial[];
    context: ClaimContext;
  },
): ClaimedJob | NoJob {
  let answer: NoJob = "done";
  const promoted = promotedTrials(sweep.file, known);
  for (const { job, standing, known: [trial] } of states) {
    if (!isOpen(standing)) continue;
    if (answer === "done") answer = "wait";
    if (trial?.state === "paused" && !promoted.has(trial)) continue;
    const budget = budgetOf(sweep.file, trial);
    const { lock, run } = sweep.paths.job(job.name);
    const release = tryLock(lock);
    if (!release) continue;
    if (standing.phase === "partial" && isRunLocked(run)) {
      answer = "soon";
      release();
      continue;
    }
    // Its process may have ended between the first look and the lock.
    const now = stateOf(sweep, job, context);
    const rows = now.known[0]?.scores.length ?? 0;
    if (isOpen(now.standing) && rows < budget.rows) {
      return { job, standing: now.standing, budget, release };
    }
    release();
  }
  return answer;
}

const isOpen = ({ phase }: JobStanding): boolean => phase === "new" || phase === "partial";
