/** Reads from the folder of a job what has been done of it. */
import { join } from "node:path";
import { readConfig } from "../../store/files/config_file.ts";
import { isUnusableFile } from "../../store/files/unusable_file.ts";
import { plainFile, plainFolder } from "../../store/files/plain_path.ts";
import { isRunLocked } from "../../store/files/run_lock.ts";
import { readStatus, type StoredRunStatus } from "../../store/files/status.ts";
import { iterationsOf, type Job, seedsName } from "./jobs.ts";
import { settingsDifference } from "./settings_difference.ts";

/**
 * What is left to do of a job.
 *
 * - new: it has not begun;
 * - partial: it continues with `--resume`;
 * - done: nothing is left to do;
 * - reached: it has passed the reference, which is all that is requested, but could continue;
 * - diverged: it would diverge again;
 * - busy: another process works on it;
 * - other: the folder holds a run that is not this job.
 */
export type JobPhase = "new" | "partial" | "done" | "reached" | "diverged" | "busy" | "other";

export interface JobProgress {
  /** Updates done, according to the status of the run. */
  readonly updates: number;
  /** Training time so far, in seconds. */
  readonly seconds: number;
  /** How many of its replicas have diverged; undefined: none. */
  readonly diverged?: number;
  /** The highest level passed, by the worst and by the best replica; undefined without levels. */
  readonly passed?: readonly [lowest: number, highest: number];
}

export interface JobState extends JobProgress {
  readonly phase: JobPhase;
  /** In phase other: how the run differs from the job, in a line. */
  readonly difference?: string;
}

export interface JobGoal {
  /** Updates of each job whose configuration gives no number. */
  readonly iterations: number;
  /** Whether a job is good enough once it has passed the reference. */
  readonly untilReference?: boolean;
}

/** The state of a job. Reads its folder and touches nothing. */
export function jobState(job: Job, { iterations, untilReference = false }: JobGoal): JobState {
  const { folder } = job;
  const none = { updates: 0, seconds: 0 };
  try {
    if (plainFolder(folder) === null) return { phase: "new", ...none };
    if (plainFile(join(folder, "config.json")) === null) {
      return { phase: isRunLocked(folder) ? "busy" : "new", ...none };
    }
  } catch (error) {
    if (isUnusableFile(error)) return { phase: "other", difference: error.message, ...none };
    throw error;
  }
  const status = statusOf(folder);
  const progress = progressOf(status);
  if (isRunLocked(folder)) return { phase: "busy", ...progress };
  const difference = differenceOf(job);
  if (difference !== undefined) return { phase: "other", difference, ...progress };
  if (untilReference && hasReached(job, progress)) return { phase: "reached", ...progress };
  if (status?.end_reason === "diverged") return { phase: "diverged", ...progress };
  const isDone = status?.state === "finished" &&
    (status.iterations >= iterationsOf(job, { iterations }) || hasEndedEarly(folder, status));
  return { phase: isDone ? "done" : "partial", ...progress };
}

/** Whether all seeds of a job have passed the reference. */
export const hasReached = ({ configuration }: Job, { passed }: JobProgress): boolean =>
  configuration.reference !== undefined && passed !== undefined &&
  passed[0] >= configuration.reference;

function differenceOf({ folder, configuration: { settings }, seeds }: Job): string | undefined {
  try {
    return settingsDifference(folder, { settings, seeds: seedsName(seeds) });
  } catch (error) {
    if (isUnusableFile(error)) return error.message;
    throw error;
  }
}

/** The progress of a run according to its status. */
export function progressOf(status: StoredRunStatus | undefined): JobProgress {
  const passed = status?.metrics["curriculum/passed"];
  const levels = typeof passed === "number" ? [passed] : passed;
  return {
    updates: status?.iterations ?? 0,
    seconds: status?.seconds ?? 0,
    ...status?.diverged ? { diverged: status.diverged.length } : {},
    ...levels === undefined ? {} : { passed: [Math.min(...levels), Math.max(...levels)] },
  };
}

/** The status of a run; undefined if there is none or it is damaged, which `train` reports. */
export function statusOf(folder: string): StoredRunStatus | undefined {
  try {
    return readStatus(folder);
  } catch (error) {
    if (isUnusableFile(error)) return undefined;
    throw error;
  }
}

/** Whether a run ended before its last update, since more updates would change nothing. */
export function hasEndedEarly(folder: string, status: StoredRunStatus): boolean {
  if (status.end_reason === "unconverged" || status.end_reason === "early_stopped") return true;
  if (status.end_reason !== "completed") return false;
  const { training } = readConfig(folder) as { training?: { iterations?: unknown } };
  const iterations = training?.iterations;
  return typeof iterations === "number" && status.iterations < iterations;
}
