/** `status.json`: the progress of a run, for people and schedulers. It is replaced atomically. */
import { join } from "node:path";
import { DamagedFileError } from "./damaged_file_error.ts";
import type { Divergence } from "../../core/training/divergence.ts";
import { type EndReason, endReasons } from "../../core/training/exit_codes.ts";
import { readJsonFile, writeJsonFile } from "./json_file.ts";
import { fromJsonNumbers, type Numbers, toJsonNumbers } from "./json_number.ts";

export interface RunStatus {
  /** The run's id. */
  readonly run: string;
  /** A killed run still says "running": its `updated` is old, and its lock is free. */
  readonly state: "running" | "finished";
  /** null while running. */
  readonly end_reason: EndReason | null;
  /** Iterations done. */
  readonly iterations: number;
  /** Sequences seen by one replica. */
  readonly sequences: number;
  /** Training time, over all resumes, in seconds. */
  readonly seconds: number;
  readonly device: string;
  /** Bytes of memory that its process held when this was written; absent in runs of earlier versions. */
  readonly memory?: number;
  /** The metric that the task is about, without a split; absent in runs of earlier versions. */
  readonly score?: string;
  /** Newest value of each metric, one number or one for each replica; NaN and infinity are kept. */
  readonly metrics: Readonly<Record<string, Numbers>>;
  /** The replicas that have diverged; absent if none has. */
  readonly diverged?: readonly Divergence[];
  /** Why the run ended, in a line. */
  readonly message?: string;
}

export interface StoredRunStatus extends RunStatus {
  /** When the file was written, ISO 8601, UTC. */
  readonly updated: string;
}

const statusPath = (folder: string) => join(folder, "status.json");

/**
 * Replaces the status of a run.
 * @throws TypeError when state and end reason do not agree
 */
export function writeStatus(
  folder: string,
  status: RunStatus,
  { now = new Date() }: { now?: Date } = {},
): void {
  if ((status.state === "finished") !== (status.end_reason !== null)) {
    throw new TypeError(`a ${status.state} run cannot have end reason ${status.end_reason}`);
  }
  const metrics = toJsonNumbers(status.metrics);
  writeJsonFile(statusPath(folder), { ...status, metrics, updated: now.toISOString() });
}

/**
 * The status of a run, or undefined when it has none yet.
 * @throws DamagedFileError when the file is not a status
 */
export function readStatus(folder: string): StoredRunStatus | undefined {
  const path = statusPath(folder);
  let value: Record<string, unknown>;
  try {
    value = readJsonFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const problem = statusProblem(value);
  if (problem) throw new DamagedFileError(path, problem);
  const metrics: [string, Numbers][] = [];
  for (const [name, stored] of Object.entries(value.metrics as object)) {
    const number = fromJsonNumbers(stored);
    if (number === undefined) throw new DamagedFileError(path, `metric ${name} is not a number`);
    metrics.push([name, number]);
  }
  return { ...value as unknown as StoredRunStatus, metrics: Object.fromEntries(metrics) };
}

function statusProblem(value: Record<string, unknown>): string | undefined {
  for (const key of ["run", "device", "updated"]) {
    if (typeof value[key] !== "string") return `${key} is not a text`;
  }
  for (const key of ["iterations", "sequences", "seconds"]) {
    if (typeof value[key] !== "number") return `${key} is not a number`;
  }
  const { state, end_reason: reason, metrics, memory = 0 } = value;
  if (typeof memory !== "number") return "memory is not a number";
  if (state !== "running" && state !== "finished") return "state is not running or finished";
  if (
    state === "running" ? reason !== null : !(endReasons as readonly unknown[]).includes(reason)
  ) {
    return `end_reason does not fit state ${state}`;
  }
  for (const key of ["score", "message"]) {
    if (value[key] !== undefined && typeof value[key] !== "string") return `${key} is not a text`;
  }
  if (value.diverged !== undefined && !Array.isArray(value.diverged)) return "diverged is no list";
  if (typeof metrics !== "object" || metrics === null) return "metrics is not an object";
  return undefined;
}
