/** Trains what is left of an experiment, some jobs at a time, and writes its report. */
import { join } from "node:path";
import type { DeviceName } from "../../core/backends/open_backend.ts";
import { writeFileAtomic } from "../../core/run/atomic_file.ts";
import { exitCodes } from "../../core/run/exit_codes.ts";
import { formatDuration } from "../../core/run/format_progress.ts";
import { writeJsonFile } from "../../core/run/json_file.ts";
import { type SignalWatch, watchSignals } from "../train/signals.ts";
import { createJobBoard, passedText } from "./job_board.ts";
import { type JobProcess, startTraining } from "./job_process.ts";
import {
  hasReached,
  type JobGoal,
  type JobPhase,
  type JobState,
  jobState,
  progressOf,
  statusOf,
} from "./job_state.ts";
import { createJobsDisplay, type JobsDisplay } from "./jobs_display.ts";
import { type Job, trainArguments } from "./jobs.ts";
import { runJobs } from "./run_jobs.ts";
import type { Experiment } from "./experiment.ts";

export interface RunOptions extends JobGoal {
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
  readonly startJob?: (job: Job, args: readonly string[]) => JobProcess;
  readonly watch?: (announce: (text: string) => void) => SignalWatch;
}

/** @returns the exit code. */
export async function runExperiment(
  experiment: Experiment,
  jobs: readonly Job[],
  options: RunOptions,
): Promise<number> {
  const { display = createJobsDisplay(), watch = watchSignals } = options;
  Deno.mkdirSync(options.out, { recursive: true });
  const running = new Map<Job, JobProcess>();
  const signals = watch(() => {
    display.message(
      `${signals.reason()}: waiting for the checkpoints of ${running.size} running jobs ` +
        "(again to stop at once)",
    );
    for (const process of running.values()) process.stop();
  });
  let unfinished: Unfinished[];
  try {
    unfinished = await trainAll(jobs, { ...options, display, running, signals });
  } finally {
    signals.close();
    display.close();
  }
  for (const { job, why } of unfinished) display.message(`error: ${job.name}: ${why}`);
  const reason = signals.reason();
  if (reason) {
    display.message("stopped; the same command goes on from here, --report shows what there is");
    return reason === "interrupted" ? exitCodes.interrupted : exitCodes.preempted;
  }
  await writeReports(experiment, options.out, {
    remark: describeUnfinished(unfinished, { of: jobs.length }),
  });
  return unfinished.length > 0 ? exitCodes.failure : exitCodes.ok;
}

/** A job that is not done, though nobody asked to stop. */
interface Unfinished {
  readonly job: Job;
  readonly why: string;
  readonly isBusy: boolean;
}

/** Such as "2 of 5 jobs are not done (1 failed, 1 in use by another process)". */
function describeUnfinished(all: readonly Unfinished[], { of }: { of: number }): string {
  const busy = all.filter(({ isBusy }) => isBusy).length;
  const failed = all.length - busy;
  const parts = [
    ...failed > 0 ? [`${failed} failed`] : [],
    ...busy > 0 ? [`${busy} in use by another process`] : [],
  ];
  const verb = all.length === 1 ? "is" : "are";
  return parts.length === 0
    ? ""
    : `${all.length} of ${of} jobs ${verb} not done (${parts.join(", ")})`;
}

async function trainAll(
  jobs: readonly Job[],
  { display, running, signals, ...options }: RunOptions & {
    display: JobsDisplay;
    running: Map<Job, JobProcess>;
    signals: SignalWatch;
  },
): Promise<Unfinished[]> {
  const { iterations, untilReference, startJob = startTraining, lookEvery = 1000 } = options;
  const goal: JobGoal = { iterations, ...untilReference ? { untilReference } : {} };
  const unfinished: Unfinished[] = [];
  const read = (job: Job) => ({ job, state: jobState(job, goal) });
  const board = createJobBoard(jobs.map(read), { iterations });
  const work = async (job: Job): Promise<void> => {
    const { phase, difference, ...before } = jobState(job, goal);
    if (phase === "new" || phase === "partial") {
      board.look(job, before);
      const from = phase === "partial" ? `, going on from update ${before.updates}` : "";
      display.message(`${job.name}: started${from}`);
      const args = trainArguments(job, { ...options, resume: phase === "partial" });
      const process = startJob(job, args);
      running.set(job, process);
      const end = await process.end;
      running.delete(job);
      if (signals.reason()) return board.close(job);
      const after = jobState(job, goal);
      const isGood = end.code === exitCodes.ok ||
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
        diverged: `diverged at update ${before.updates}`,
        busy: `another process works on it (${job.folder})`,
        other: `${job.folder} was not trained as the experiment says: ${difference}`,
      }[phase];
      if (why !== undefined) unfinished.push({ job, why, isBusy: phase === "busy" });
      display.message(`${job.name}: ${skipTexts[phase]}`);
    }
    board.close(job);
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
  const outcome = !isGood ? "failed" : phase === "reached" ? "reference reached" : "done";
  return `${outcome} ${done}${level}`;
}

/**
 * Writes `report.html` and `results.json` from what lies in the folder, and says the outcome.
 *
 * @param options.remark what the files cannot tell of it.
 */
export async function writeReports(
  experiment: Experiment,
  out: string,
  { remark = "" }: { remark?: string } = {},
): Promise<void> {
  const { headline, html, results, problems } = await experiment.report(out);
  for (const problem of problems) console.error(`warning: ${problem}`);
  writeJsonFile(join(out, "results.json"), results);
  writeFileAtomic(join(out, "report.html"), html);
  console.log(remark === "" ? headline : `${headline}; ${remark}`);
  console.log(`report: ${join(out, "report.html")}`);
}
