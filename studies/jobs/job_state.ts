/** What has been done of a job, from the files in its folder. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../store/files/config_file.ts";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";
import { RunFolderError } from "../../store/files/run_folder_error.ts";
import { lockName, lockRunFolder } from "../../store/files/run_lock.ts";
import { readStatus, type StoredRunStatus } from "../../store/files/status.ts";
import { iterationsOf, type Job, seedsName } from "./jobs.ts";
import { settingsDifference } from "./settings_difference.ts";

/**
 * new: nothing yet; partial: goes on with `--resume`; done: nothing is left to do; reached: could go
 * on, but has passed the reference, and no more is asked for; diverged: would diverge again; busy:
 * another process works on it; other: the folder holds a run that is not this job.
 */
export type JobPhase = "new" | "partial" | "done" | "reached" | "diverged" | "busy" | "other";

export interface JobProgress {
  /** Updates done, as far as the status tells. */
  readonly updates: number;
  /** Training time so far, in seconds. */
  readonly seconds: number;
  /** The highest level passed by the lowest and by the highest replica, once there is one. */
  readonly passed?: readonly [lowest: number, highest: number];
}

export interface JobState extends JobProgress {
  readonly phase: JobPhase;
  /** Of phase other: in what it differs, in a line. */
  readonly difference?: string;
}

export interface JobGoal {
  /** Updates that the job is to have done, unless its configuration says how many. */
  readonly iterations: number;
  /** Less will do, once it has passed the reference. */
  readonly untilReference?: boolean;
}

export function jobState(job: Job, { iterations, untilReference = false }: JobGoal): JobState {
  const { folder } = job;
  if (!existsSync(join(folder, "config.json"))) {
    return { phase: isLocked(folder) ? "busy" : "new", updates: 0, seconds: 0 };
  }
  const status = statusOf(folder);
  const progress = progressOf(status);
  if (isLocked(folder)) return { phase: "busy", ...progress };
  const difference = differenceOf(job);
  if (difference !== undefined) return { phase: "other", difference, ...progress };
  if (untilReference && hasReached(job, progress)) return { phase: "reached", ...progress };
  if (status?.end_reason === "diverged") return { phase: "diverged", ...progress };
  const isDone = status?.state === "finished" &&
    (status.iterations >= iterationsOf(job, { iterations }) || hasEndedEarly(folder, status));
  return { phase: isDone ? "done" : "partial", ...progress };
}

/** Whether each of its seeds has passed the reference. */
export const hasReached = ({ configuration }: Job, { passed }: JobProgress): boolean =>
  configuration.reference !== undefined && passed !== undefined &&
  passed[0] >= configuration.reference;

function differenceOf({ folder, configuration: { settings }, seeds }: Job): string | undefined {
  try {
    return settingsDifference(folder, { settings, seeds: seedsName(seeds) });
  } catch (error) {
    if (error instanceof DamagedFileError) return error.message;
    throw error;
  }
}

/** What the status of a run tells while it trains. */
export function progressOf(status: StoredRunStatus | undefined): JobProgress {
  const passed = status?.metrics["curriculum/passed"];
  const levels = typeof passed === "number" ? [passed] : passed;
  return {
    updates: status?.iterations ?? 0,
    seconds: status?.seconds ?? 0,
    ...levels === undefined ? {} : { passed: [Math.min(...levels), Math.max(...levels)] },
  };
}

/** The status; undefined where there is none, or it is damaged: `train` says so where it matters. */
export function statusOf(folder: string): StoredRunStatus | undefined {
  try {
    return readStatus(folder);
  } catch (error) {
    if (error instanceof DamagedFileError) return undefined;
    throw error;
  }
}

/** All levels are passed, or one was given up: more updates would change nothing. */
export function hasEndedEarly(folder: string, status: StoredRunStatus): boolean {
  if (status.end_reason === "unconverged" || status.end_reason === "early_stopped") return true;
  if (status.end_reason !== "completed") return false;
  const { training } = readConfig(folder) as { training?: { iterations?: unknown } };
  const asked = training?.iterations;
  return typeof asked === "number" && status.iterations < asked;
}

function isLocked(folder: string): boolean {
  if (!existsSync(join(folder, lockName))) return false;
  try {
    lockRunFolder(folder)();
    return false;
  } catch (error) {
    // In use, or a link, which nobody works on either.
    if (error instanceof RunFolderError) return true;
    throw error;
  }
}
