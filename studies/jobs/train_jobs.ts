/** Trains what is left of some jobs, a few at a time, and runs what follows on each. */
import type { DeviceName } from "../../core/backends/open_backend.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { formatDuration } from "../../runs/progress/format_progress.ts";
import type { SignalWatch } from "../../runs/progress/signals.ts";
import type { AfterTraining } from "../experiment.ts";
import { createJobBoard, passedText } from "./job_board.ts";
import type { JobProcess } from "./job_process.ts";
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
  readonly device: DeviceName;
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

export async function trainJobs(
  jobs: readonly Job[],
  options: TrainJobsOptions,
): Promise<Unfinished[]> {
  const { display, running, signals, iterations, untilReference, lookEvery = 1000 } = options;
  const goal: JobGoal = { iterations, ...untilReference ? { untilReference } : {} };
  const unfinished: Unfinished[] = [];
  const board = createJobBoard(jobs.map((job) => ({ job, state: jobState(job, goal) })), {
    iterations,
  });
  const run = async (job: Job, command: JobCommand) => {
    const process = options.start(job, command);
    running.set(job, process);
    const end = await process.end;
    running.delete(job);
    return end;
  };
  const work = async (job: Job): Promise<void> => {
    const before = jobState(job, goal);
    if (before.phase === "new" || before.phase === "partial") {
      board.look(job, before);
      const from = before.phase === "partial" ? `, going on from update ${before.updates}` : "";
      display.message(`${job.name}: started${from}`);
      const resume = before.phase === "partial";
      const end = await run(job, {
        command: "train",
        args: trainArguments(job, { ...options, resume }),
      });
      if (signals.reason()) return board.close(job);
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
          : end.lastLine || `exit code ${end.code}`;
        unfinished.push({ job, why: `${why} (${job.log})`, isBusy });
      }
      display.message(`${job.name}: ${endText(after, { isGood })}`);
    } else {
      const why = {
        done: undefined,
        reached: undefined,
        diverged: isResult(job, before) ? undefined : `diverged at update ${before.updates}`,
        busy: `another process works on it (${job.folder})`,
        other: `${job.folder} was not trained as the experiment says: ${before.difference}`,
      }[before.phase];
      if (why !== undefined) unfinished.push({ job, why, isBusy: before.phase === "busy" });
      display.message(`${job.name}: ${skipTexts[before.phase]}`);
    }
    const why = await follow(job);
    if (why !== undefined) unfinished.push({ job, why, isBusy: false });
    board.close(job);
  };
  /** @returns why what follows the training is not done. */
  const follow = async (job: Job): Promise<string | undefined> => {
    const { afterTraining: after } = options;
    if (!after || !["done", "reached"].includes(jobState(job, goal).phase)) return undefined;
    if (after.reason(job.folder) === undefined) return undefined;
    const { device, threads } = options;
    const args = [
      ...after.args(job),
      ...["--device", device],
      ...device === "gpu" ? [] : ["--threads", String(threads)],
    ];
    const end = await run(job, { command: after.command, args });
    if (signals.reason() || end.code === exitCodes.ok) return undefined;
    return `${after.command}: ${end.lastLine || `exit code ${end.code}`} (${job.log})`;
  };
  const asked = new Set<Job>();
  const stopReached = () => {
    for (const [job, process] of running) {
      if (asked.has(job) || !hasReached(job, progressOf(statusOf(job.folder)))) continue;
      asked.add(job);
      process.stop();
    }
  };
  const looking = untilReference ? setInterval(stopReached, lookEvery) : undefined;
  const tick = () => {
    for (const job of running.keys()) board.look(job, progressOf(statusOf(job.folder)));
    display.show(board.lines());
  };
  const timer = display.interval === undefined
    ? undefined
    : setInterval(tick, 1000 * display.interval);
  try {
    await runJobs(jobs, {
      atOnce: Math.min(options.atOnce, jobs.length),
      work,
      isStopped: () => signals.reason() !== undefined,
    });
  } finally {
    clearInterval(timer);
    clearInterval(looking);
  }
  return unfinished;
}

/** Whether it has diverged, and that is what its configuration is there to show. */
const isResult = ({ configuration }: Job, { phase }: JobState): boolean =>
  phase === "diverged" && configuration.mayDiverge === true;

const skipTexts: Readonly<Record<Exclude<JobPhase, "new" | "partial">, string>> = {
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
