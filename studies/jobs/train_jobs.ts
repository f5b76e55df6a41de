/** Trains what is left of some jobs, a few at a time, and runs what follows on each. */
import type { DeviceChoice } from "../../core/backends/open_backend.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { formatDuration } from "../../store/progress/format_progress.ts";
import type { SignalWatch } from "../../store/progress/signals.ts";
import type { AfterTraining } from "../experiment.ts";
import { createJobBoard, type JobBoard, passedText } from "./job_board.ts";
import type { JobEnd, JobProcess } from "./job_process.ts";
import {
  hasReached,
  type JobGoal,
  type JobPhase,
  type JobState,
  jobState,
  progressOf,
  statusOf,
} from "./job_state.ts";
import type { JobsDisplay } from "./jobs_display.ts";
import { type Job, type JobCommand, trainArguments } from "./jobs.ts";
import { runJobs } from "./run_jobs.ts";

/** A job that is not done, though nobody asked to stop. */
export interface Unfinished {
  readonly job: Job;
  readonly why: string;
  readonly isBusy: boolean;
}

/** How the jobs of an experiment are run. */
export interface ExperimentOptions extends JobGoal {
  readonly device: DeviceChoice;
  /** Of each job. */
  readonly threads: number;
  readonly out: string;
  /** Jobs at a time. */
  readonly atOnce: number;
  readonly display?: JobsDisplay;
  /** Milliseconds between two looks at whether a running job has passed the reference. */
  readonly lookEvery?: number;
  /** For tests. */
  readonly start?: (job: Job, command: JobCommand) => JobProcess;
  readonly watch?: (announce: (text: string) => void) => SignalWatch;
}

export interface TrainJobsOptions extends ExperimentOptions {
  readonly afterTraining: AfterTraining | undefined;
  readonly start: (job: Job, command: JobCommand) => JobProcess;
  readonly display: JobsDisplay;
  /** Holds what runs now. */
  readonly running: Map<Job, JobProcess>;
  readonly signals: SignalWatch;
}

/** A pool at work: what it was asked, and what it knows of its jobs. */
interface Pool {
  readonly options: TrainJobsOptions;
  readonly goal: JobGoal;
  readonly board: JobBoard;
  readonly unfinished: Unfinished[];
}

/** @returns the jobs that are not done, unless a signal has stopped the pool. */
export async function trainJobs(
  jobs: readonly Job[],
  options: TrainJobsOptions,
): Promise<Unfinished[]> {
  const { signals, iterations, untilReference } = options;
  const goal: JobGoal = { iterations, ...untilReference ? { untilReference } : {} };
  const states = jobs.map((job) => ({ job, state: jobState(job, goal) }));
  const board = createJobBoard(states, { iterations });
  const pool: Pool = { options, goal, board, unfinished: [] };
  const stopLooking = lookAtJobs(pool);
  try {
    await runJobs(jobs, {
      atOnce: Math.min(options.atOnce, jobs.length),
      work: (job) => workOn(pool, job),
      isStopped: () => signals.reason() !== undefined,
    });
  } finally {
    stopLooking();
  }
  return pool.unfinished;
}

/** Looks now and then at what runs: shows it, and stops what has passed the reference. */
function lookAtJobs({ board, options }: Pool): () => void {
  const { display, running, untilReference, lookEvery = 1000 } = options;
  const asked = new Set<Job>();
  const stopReached = () => {
    for (const [job, process] of running) {
      if (asked.has(job) || !hasReached(job, progressOf(statusOf(job.folder)))) continue;
      asked.add(job);
      process.stop();
    }
  };
  const show = () => {
    for (const job of running.keys()) board.look(job, progressOf(statusOf(job.folder)));
    display.show(board.lines());
  };
  const looking = untilReference ? setInterval(stopReached, lookEvery) : undefined;
  const showing = display.interval === undefined
    ? undefined
    : setInterval(show, 1000 * display.interval);
  return () => {
    clearInterval(showing);
    clearInterval(looking);
  };
}

async function workOn(pool: Pool, job: Job): Promise<void> {
  const { board, goal, options: { signals } } = pool;
  const before = jobState(job, goal);
  if (before.phase === "new" || before.phase === "partial") {
    await trainJob(pool, job, before);
    if (signals.reason()) return board.close(job);
  } else skipJob(pool, job, { ...before, phase: before.phase });
  const why = await follow(pool, job);
  if (why !== undefined) pool.unfinished.push({ job, why, isBusy: false });
  board.close(job);
}

async function trainJob(pool: Pool, job: Job, before: JobState): Promise<void> {
  const { board, goal, options, unfinished } = pool;
  const { display, signals } = options;
  const resume = before.phase === "partial";
  board.look(job, before);
  display.message(
    `${job.name}: started${resume ? `, going on from update ${before.updates}` : ""}`,
  );
  const began = Date.now();
  const args = trainArguments(job, { ...options, resume });
  const end = await run(pool, job, { command: "train", args });
  if (signals.reason()) return;
  const after = jobState(job, goal);
  const isGood = end.code === exitCodes.ok || isResult(job, after) ||
    (end.code === exitCodes.preempted && after.phase === "reached");
  if (!isGood) {
    // Another process may have been faster to take the folder.
    const isBusy = after.phase === "busy";
    const why = isBusy
      ? "another process works on it"
      : after.phase === "diverged"
      ? `diverged at update ${after.updates}`
      : failureText(job, end, { began });
    unfinished.push({ job, why: `${why} (${job.log})`, isBusy });
  }
  display.message(`${job.name}: ${endText(after, { isGood })}`);
}

function skipJob(
  { options: { display }, unfinished }: Pool,
  job: Job,
  state: JobState & { readonly phase: SkippedPhase },
): void {
  const { phase, updates, difference } = state;
  const why = {
    done: undefined,
    reached: undefined,
    diverged: isResult(job, state) ? undefined : `diverged at update ${updates}`,
    busy: `another process works on it (${job.folder})`,
    other: `${job.folder} was not trained as the experiment says: ${difference}`,
  }[phase];
  if (why !== undefined) unfinished.push({ job, why, isBusy: phase === "busy" });
  display.message(`${job.name}: ${skipTexts[phase]}`);
}

/** Runs what follows a training, where it has not been done. @returns why it is not done. */
async function follow(pool: Pool, job: Job): Promise<string | undefined> {
  const { goal, options: { afterTraining: after, device, threads, signals } } = pool;
  if (!after || !["done", "reached"].includes(jobState(job, goal).phase)) return undefined;
  if (after.reason(job.folder) === undefined) return undefined;
  const args = [
    ...after.args(job),
    ...["--device", device],
    ...device === "gpu" ? [] : ["--threads", String(threads)],
  ];
  const end = await run(pool, job, { command: after.command, args });
  if (signals.reason() || end.code === exitCodes.ok) return undefined;
  return `${after.command}: ${end.lastLine || `exit code ${end.code}`} (${job.log})`;
}

async function run({ options: { running, start } }: Pool, job: Job, command: JobCommand) {
  const process = start(job, command);
  running.set(job, process);
  const end = await process.end;
  running.delete(job);
  return end;
}

/**
 * Why a training failed: what its status says. One that was refused, or failed before it began, has
 * left no status, so its last line is all there is.
 *
 * @param options.began in milliseconds since 1970: an older status is that of an earlier start.
 */
function failureText(
  { folder }: Job,
  { code, lastLine }: JobEnd,
  { began }: { began: number },
): string {
  const status = statusOf(folder);
  const isOurs = status !== undefined && Date.parse(status.updated) >= began;
  const message = isOurs && status.state === "finished" ? status.message : undefined;
  return message ?? (lastLine || `exit code ${code}`);
}

/** Whether it has diverged, and that is what its configuration is there to show. */
const isResult = ({ configuration }: Job, { phase }: JobState): boolean =>
  phase === "diverged" && configuration.mayDiverge === true;

type SkippedPhase = Exclude<JobPhase, "new" | "partial">;

const skipTexts: Readonly<Record<SkippedPhase, string>> = {
  done: "done before",
  reached: "has passed the reference before; goes on without --until-reference",
  diverged: "diverged before, not tried again",
  busy: "another process works on it, left alone",
  other: "not trained as the experiment says, left alone",
};

function endText(
  { phase, updates, seconds, passed }: JobState,
  { isGood }: { isGood: boolean },
): string {
  if (phase === "busy") return skipTexts.busy;
  const done = `after ${updates} updates in ${formatDuration(seconds)}`;
  const level = passed === undefined ? "" : `, ${passedText(passed)}`;
  if (!isGood) return `failed ${done}${level}`;
  const outcome = phase === "reached" || phase === "diverged"
    ? { reached: "reference reached", diverged: "diverged" }[phase]
    : "done";
  return `${outcome} ${done}${level}`;
}
