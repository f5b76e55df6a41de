/** Trains jobs that are not done, several at a time, and runs the command that follows on each. */
import type { DeviceChoice } from "../../core/backends/device_choices.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { plainLine } from "../../config/plain_text.ts";
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

/** A job that failed, or that another process works on. */
export interface Unfinished {
  readonly job: Job;
  /** Why it is not done, in a line. */
  readonly why: string;
  readonly isBusy: boolean;
}

type JobSignals = Pick<SignalWatch, "reason" | "close">;

/** How the jobs of an experiment are run. */
export interface ExperimentOptions extends JobGoal {
  readonly device: DeviceChoice;
  /** Threads of each job. */
  readonly threads: number;
  /** Folder of the experiment. */
  readonly out: string;
  /** Jobs at a time. */
  readonly atOnce: number;
  /** Whether other processes have other jobs of the folder: none writes the report of all [false]. */
  readonly isPart?: boolean;
  readonly display?: JobsDisplay;
  /** Milliseconds between two checks whether running jobs have passed the reference. */
  readonly checkInterval?: number;
  /** Starts a command; tests replace it. */
  readonly start?: (job: Job, command: JobCommand) => JobProcess;
  /** Listens to signals; tests replace it. */
  readonly watch?: (announce: (text: string) => void) => JobSignals | Promise<JobSignals>;
}

export interface TrainJobsOptions extends ExperimentOptions {
  readonly afterTraining: AfterTraining | undefined;
  readonly start: (job: Job, command: JobCommand) => JobProcess;
  readonly display: JobsDisplay;
  /** The processes that run now. */
  readonly running: Map<Job, JobProcess>;
  readonly signals: JobSignals;
}

/** The options of a pool, and the state of its jobs. */
interface Pool {
  readonly options: TrainJobsOptions;
  readonly goal: JobGoal;
  readonly board: JobBoard;
  readonly unfinished: Unfinished[];
}

/**
 * Trains jobs and runs what follows on them, until all are done or a signal arrives.
 *
 * @returns the jobs that failed or were busy.
 */
export async function trainJobs(
  jobs: readonly Job[],
  options: TrainJobsOptions,
): Promise<Unfinished[]> {
  const { signals, iterations, untilReference } = options;
  const goal: JobGoal = { iterations, ...untilReference ? { untilReference } : {} };
  const states = jobs.map((job) => ({ job, state: jobState(job, goal) }));
  const board = createJobBoard(states, { iterations });
  const pool: Pool = { options, goal, board, unfinished: [] };
  const stopWatching = watchJobs(pool);
  try {
    await runJobs(jobs, {
      atOnce: Math.min(options.atOnce, jobs.length),
      work: (job) => workOn(pool, job),
      isStopped: () => signals.reason() !== undefined,
    });
  } finally {
    stopWatching();
  }
  return pool.unfinished;
}

/**
 * Shows the running jobs now and then, and stops those that have passed the reference.
 *
 * @returns a function that ends this.
 */
function watchJobs({ board, options }: Pool): () => void {
  const { display, running, untilReference, checkInterval = 1000 } = options;
  const stopped = new Set<Job>();
  const stopReached = () => {
    for (const [job, process] of running) {
      if (stopped.has(job) || !hasReached(job, progressOf(statusOf(job.folder)))) continue;
      stopped.add(job);
      process.stop();
    }
  };
  const show = () => {
    for (const job of running.keys()) board.update(job, progressOf(statusOf(job.folder)));
    display.show(board.lines());
  };
  const checkTimer = untilReference ? setInterval(stopReached, checkInterval) : undefined;
  const showTimer = display.interval === undefined
    ? undefined
    : setInterval(show, 1000 * display.interval);
  return () => {
    clearInterval(showTimer);
    clearInterval(checkTimer);
  };
}

/** Trains a job unless it is done, then runs what follows. */
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
  board.update(job, before);
  display.message(
    `${job.name}: started${resume ? `, going on from update ${before.updates}` : ""}`,
  );
  const startTime = Date.now();
  const args = trainArguments(job, { ...options, resume });
  const end = await run(pool, job, { command: "train", args });
  if (signals.reason()) return;
  const after = jobState(job, goal);
  const isGood = end.code === exitCodes.ok || isResult(job, after) ||
    (end.code === exitCodes.preempted && after.phase === "reached");
  if (!isGood) {
    // Another process may have taken the folder first.
    const isBusy = after.phase === "busy";
    const why = isBusy
      ? "another process works on it"
      : after.phase === "diverged"
      ? `diverged at update ${after.updates}`
      : failureText(job, end, { startTime });
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

/** Runs the command that follows a training, unless it is done. @returns why it failed. */
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
 * Why a training failed, from its status. A training that failed before it began has written no status;
 * its last line is shown instead.
 *
 * @param options.startTime milliseconds since 1970: an older status is that of an earlier start.
 */
function failureText(
  { folder }: Job,
  { code, lastLine }: JobEnd,
  { startTime }: { startTime: number },
): string {
  const status = statusOf(folder);
  const isCurrent = status !== undefined && Date.parse(status.updated) >= startTime;
  const message = isCurrent && status.state === "finished" ? status.message : undefined;
  return plainLine(message ?? (lastLine || `exit code ${code}`));
}

/** Whether a job has diverged, and its configuration is there to show that. */
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
  { phase, updates, seconds, passed, diverged }: JobState,
  { isGood }: { isGood: boolean },
): string {
  if (phase === "busy") return skipTexts.busy;
  const extent = `after ${updates} updates in ${formatDuration(seconds)}`;
  const lost = diverged === undefined || phase === "diverged" ? "" : `, ${diverged} diverged`;
  const level = passed === undefined ? "" : `, ${passedText(passed)}`;
  if (!isGood) return `failed ${extent}${level}`;
  const outcome = phase === "reached" || phase === "diverged"
    ? { reached: "reference reached", diverged: "diverged" }[phase]
    : "done";
  return `${outcome} ${extent}${lost}${level}`;
}
