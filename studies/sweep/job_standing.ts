/** Reads how far the jobs of a sweep are, from the folders of their runs. */
import { z } from "../../deps/zod.ts";
import { join } from "node:path";
import { readJsonFile, writeJsonFile } from "../../store/files/json_file.ts";
import type { Numbers } from "../../store/files/json_number.ts";
import { plainFile } from "../../store/files/plain_path.ts";
import { statusOf } from "../jobs/job_state.ts";
import type { Sweep } from "./sweep.ts";
import type { SweepJob, SweepJobPhase } from "./sweep_job.ts";

/** How far a job is. */
export interface JobStanding {
  readonly phase: SweepJobPhase;
  /** Iterations done. */
  readonly iterations: number;
  /** Training time so far, in seconds. */
  readonly seconds: number;
  /** Newest metrics: one number, or one for each replica. */
  readonly metrics: Readonly<Record<string, Numbers>>;
  /** Why it failed, in a line. */
  readonly problem?: string;
}

/** How a process ended that could not train its job. */
export interface FailedEnd {
  readonly code: number;
  /** Why, in a line. */
  readonly message: string;
}

const failedEnd = z.object({ code: z.number(), message: z.string() });

/** Notes that the process of a job failed. */
export const noteFailure = ({ paths }: Sweep, { name }: SweepJob, end: FailedEnd): void =>
  writeJsonFile(paths.job(name).end, end);

/** Forgets that a job failed, so that it is tried again. */
export function forgetFailure({ paths }: Sweep, { name }: SweepJob): void {
  const { end } = paths.job(name);
  if (plainFile(end) !== null) Deno.removeSync(end);
}

/** Ends of runs that do not go on. */
const ends: ReadonlySet<string | null> = new Set([
  ...["completed", "early_stopped", "unconverged", "diverged", "no_room"],
]);

/** How far a job is. A run that was killed says that it is running; it is partial. */
export function standingOf({ paths }: Sweep, { name }: SweepJob): JobStanding {
  const { run, end } = paths.job(name);
  const status = statusOf(run);
  const { iterations = 0, seconds = 0, metrics = {} } = status ?? {};
  const progress = { iterations, seconds, metrics };
  const { data: failed } = plainFile(end) === null
    ? { data: undefined }
    : failedEnd.safeParse(readJsonFile(end));
  if (failed) return { phase: "failed", problem: failed.message, ...progress };
  if (status && ends.has(status.end_reason)) return { phase: "done", ...progress };
  const hasBegun = status !== undefined || plainFile(join(run, "config.json")) !== null;
  return { phase: hasBegun ? "partial" : "new", ...progress };
}

/** Standings of jobs that are asked for again and again: those that have ended are read once. */
export function createStandings(sweep: Sweep): (job: SweepJob) => JobStanding {
  const ended = new Map<string, JobStanding>();
  return (job) => {
    const known = ended.get(job.name);
    if (known) return known;
    const standing = standingOf(sweep, job);
    if (standing.phase === "done" || standing.phase === "failed") ended.set(job.name, standing);
    return standing;
  };
}
