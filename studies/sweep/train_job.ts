/** Trains a job of a sweep in a process of its own. */
import { errorLine } from "../../config/error_line.ts";
import type { RunConfig } from "../../config/run_config.ts";
import type { DeviceChoice } from "../../core/backends/device_choices.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { writeJsonFile } from "../../store/files/json_file.ts";
import type { JobEnd, JobProcess } from "../jobs/job_process.ts";
import type { JobCommand } from "../jobs/jobs.ts";
import type { ClaimedJob } from "./claim_job.ts";
import { type FailedEnd, standingOf } from "./job_standing.ts";
import { jobConfig, pointConfig } from "./point_config.ts";
import type { Sweep } from "./sweep.ts";

/** How the processes of a sweep compute. */
export interface JobDevice {
  readonly device: DeviceChoice;
  /** Threads of each process. */
  readonly threads: number;
}

/** Starts a command in the folder of a run; its standard error is appended to a log. */
export type StartCommand = (
  place: { readonly folder: string; readonly log: string },
  command: JobCommand,
) => JobProcess;

/** What became of a job. */
export type JobOutcome =
  /** It is trained as far as was asked, or stopped on the way. */
  | { readonly kind: "trained" }
  /** Its points make no run, or code of one's own throws at one of them. */
  | { readonly kind: "refused"; readonly end: FailedEnd }
  | { readonly kind: "failed"; readonly end: FailedEnd };

/**
 * Trains a claimed job up to its budget.
 *
 * @param options.onStart receives the process.
 */
export async function trainJob(
  sweep: Sweep,
  { job, standing, budget }: ClaimedJob,
  { start, device, onStart }: {
    start: StartCommand;
    device: JobDevice;
    onStart: (process: JobProcess) => void;
  },
): Promise<JobOutcome> {
  const { run, log, config: configFile } = sweep.paths.job(job.name);
  let config: RunConfig;
  try {
    config = jobConfig(job.trials.map(({ values }) => pointConfig(sweep, values)));
  } catch (error) {
    // A point with settings that make no network.
    return { kind: "refused", end: { code: exitCodes.usage, message: errorLine(error) } };
  }
  writeJsonFile(configFile, { ...config, device: withoutChoice(config.device) });
  const args = jobArguments(sweep, {
    folder: run,
    configFile,
    device,
    isResumed: standing.phase === "partial",
    pauseAfter: budget.rows * config.training.log_every,
  });
  const process = start({ folder: run, log }, { command: "train", args });
  onStart(process);
  const end = await process.end;
  const { phase } = standingOf(sweep, job);
  if (phase === "done" || goesOn.has(end.code)) return { kind: "trained" };
  return { kind: end.code === exitCodes.usage ? "refused" : "failed", end: failureOf(end) };
}

/** Exit codes of a process that another one goes on from. */
const goesOn: ReadonlySet<number> = new Set([exitCodes.preempted, exitCodes.interrupted]);

const failureOf = ({ code, lastLine }: JobEnd): FailedEnd => ({
  code,
  message: lastLine || `exit code ${code}`,
});

/** Where a run computes is said anew by each process. */
const withoutChoice = ({ name: _, threads: __, ...device }: RunConfig["device"]) => device;

function jobArguments(
  { stored: { preset } }: Sweep,
  { folder, configFile, device: { device, threads }, isResumed, pauseAfter }: {
    folder: string;
    configFile: string;
    device: JobDevice;
    isResumed: boolean;
    pauseAfter: number;
  },
): string[] {
  return [
    isResumed ? "--resume" : "--out",
    folder,
    "--config",
    configFile,
    ...isResumed || preset === undefined ? [] : ["--preset", preset],
    "--set",
    `device.name=${device}`,
    ...device === "gpu" ? [] : ["--set", `device.threads=${threads}`],
    ...Number.isFinite(pauseAfter) ? ["--pause-after", String(pauseAfter)] : [],
    "--progress",
    "none",
  ];
}
