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
import { type JobPhase, jobState, progressOf, statusOf } from "./job_state.ts";
import { createJobsDisplay, type JobsDisplay } from "./jobs_display.ts";
import { type Job, trainArguments } from "./jobs.ts";
import { runJobs } from "./run_jobs.ts";
import type { Experiment } from "./experiment.ts";

export interface TrainingOptions {
  /** Updates of each job. */
  readonly iterations: number;
  readonly device: DeviceName;
  /** Of each job. */
  readonly threads: number;
}

export interface RunOptions extends TrainingOptions {
  readonly out: string;
  /** Jobs at a time. */
  readonly atOnce: number;
  readonly display?: JobsDisplay;
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
  let failures: Failure[];
  try {
    failures = await trainAll(jobs, { ...options, display, running, signals });
  } finally {
    signals.close();
    display.close();
  }
  for (const { job, why } of failures) display.message(`error: ${job.name}: ${why}`);
  const reason = signals.reason();
  if (reason) {
    display.message("stopped; the same command goes on from here, --report shows what there is");
    return reason === "interrupted" ? exitCodes.interrupted : exitCodes.preempted;
  }
  await writeReports(experiment, options.out);
  return failures.length > 0 ? exitCodes.failure : exitCodes.ok;
}

interface Failure {
  readonly job: Job;
  readonly why: string;
}

async function trainAll(
  jobs: readonly Job[],
  { display, running, signals, ...options }: RunOptions & {
    display: JobsDisplay;
    running: Map<Job, JobProcess>;
    signals: SignalWatch;
  },
): Promise<Failure[]> {
  const { iterations, startJob = startTraining } = options;
  const failures: Failure[] = [];
  const read = (job: Job) => ({ job, state: jobState(job.folder, { iterations }) });
  const board = createJobBoard(jobs.map(read), { iterations });
  const work = async (job: Job): Promise<void> => {
    const { phase, ...before } = jobState(job.folder, { iterations });
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
      const after = jobState(job.folder, { iterations });
      // Another process may have been faster to take the folder.
      if (end.code !== exitCodes.ok && after.phase !== "busy") {
        const why = after.phase === "diverged"
          ? `diverged at update ${after.updates}`
          : end.lastLine || `exit code ${end.code}`;
        failures.push({ job, why: `${why} (${job.log})` });
      }
      display.message(`${job.name}: ${endText(end.code, after)}`);
    } else {
      display.message(`${job.name}: ${skipTexts[phase]}`);
      if (phase === "diverged") failures.push({ job, why: `diverged at update ${before.updates}` });
    }
    board.close(job);
  };
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
  }
  return failures;
}

const skipTexts: Readonly<Record<Exclude<JobPhase, "new" | "partial">, string>> = {
  done: "done before",
  diverged: "diverged before, not tried again",
  busy: "another process works on it, left alone",
};

function endText(code: number, { updates, seconds, passed }: ReturnType<typeof jobState>): string {
  const done = `after ${updates} updates in ${formatDuration(seconds)}`;
  const level = passed === undefined ? "" : `, ${passedText(passed)}`;
  return code === exitCodes.ok ? `done ${done}${level}` : `failed ${done}${level}`;
}

/** Writes `report.html` and `results.json` from what lies in the folder, and says the outcome. */
export async function writeReports(experiment: Experiment, out: string): Promise<void> {
  const { headline, html, results, problems } = await experiment.report(out);
  for (const problem of problems) console.error(`warning: ${problem}`);
  writeJsonFile(join(out, "results.json"), results);
  writeFileAtomic(join(out, "report.html"), html);
  console.log(headline);
  console.log(`report: ${join(out, "report.html")}`);
}
