/** Works on a sweep: trains its jobs, several at a time, until nothing is left to do or a signal arrives. */
import { setTimeout as delay } from "node:timers/promises";
import type { StopReason } from "../../core/training/train_options.ts";
import type { JobProcess } from "../jobs/job_process.ts";
import { type ClaimContext, type ClaimedJob, claimJob } from "./claim_job.ts";
import { createStandings, noteFailure } from "./job_standing.ts";
import { createScoreReader } from "./known_trials.ts";
import { isAdaptive, type Sweep } from "./sweep.ts";
import type { SweepJob } from "./sweep_job.ts";
import { takeApart } from "./take_apart.ts";
import { type JobDevice, type StartCommand, trainJob } from "./train_job.ts";

export interface WorkOptions {
  readonly device: JobDevice;
  /** Jobs at a time. */
  readonly atOnce: number;
  /** Most jobs to begin; undefined: all that are left. */
  readonly most?: number | undefined;
  readonly start: StartCommand;
  /** The processes that run now; whoever wants to stop them finds them here. */
  readonly running: Map<SweepJob, JobProcess>;
  /** Why to stop; undefined: go on. */
  readonly stopReason: () => StopReason | undefined;
  /** Receives a line on what happens to a job. */
  readonly message: (line: string) => void;
  /** Milliseconds until it is asked again whether there is a job. */
  readonly pollInterval?: number;
}

/**
 * Works on a sweep beside other processes that do so. Leaves when all that is left is worked on by others.
 *
 * @returns the jobs that failed here.
 */
export async function workOnSweep(sweep: Sweep, options: WorkOptions): Promise<SweepJob[]> {
  const context: ClaimContext = {
    standingOf: createStandings(sweep),
    scoresOf: isAdaptive(sweep) ? createScoreReader(sweep, sweep.file.metric!.name) : () => [],
  };
  const { running, stopReason, atOnce, most = Infinity, pollInterval = 500 } = options;
  const failed: SweepJob[] = [];
  let begun = 0;
  let error: unknown;
  const worker = async () => {
    while (begun < most && !stopReason() && error === undefined) {
      const claimed = claimJob(sweep, context);
      if (claimed === "done" || (claimed === "wait" && running.size === 0)) return;
      if (typeof claimed === "string") await delay(pollInterval);
      else {
        begun++;
        const isGood = await workOn(sweep, claimed, options).finally(claimed.release);
        if (!isGood) failed.push(claimed.job);
      }
    }
  };
  const keepError = (thrown: unknown) => {
    error ??= thrown;
  };
  await Promise.all(Array.from({ length: atOnce }, () => worker().catch(keepError)));
  if (error !== undefined) throw error;
  return failed;
}

/** Trains a job. @returns whether nothing failed. */
async function workOn(sweep: Sweep, claimed: ClaimedJob, options: WorkOptions): Promise<boolean> {
  const { running, message, stopReason } = options;
  const { job, standing } = claimed;
  if (standing.phase === "partial" && !sweep.file.earlyTermination) {
    message(`${job.name}: goes on from iteration ${standing.iterations}`);
  }
  const outcome = await trainJob(sweep, claimed, {
    ...options,
    onStart: (process) => running.set(job, process),
  }).finally(() => running.delete(job));
  if (outcome.kind === "trained" || stopReason()) return true;
  const { kind, end } = outcome;
  if (kind === "refused" && job.trials.length > 1) {
    const parts = takeApart(sweep, job).map(({ name }) => name).join(", ");
    message(`${job.name}: ${end.message}; its points are trained in runs ${parts}`);
    return true;
  }
  noteFailure(sweep, job, end);
  message(`${job.name}: failed: ${end.message}`);
  return false;
}
