/** Makes the folder of a sweep, or adds points to one. */
import { withLock } from "../../store/files/run_lock.ts";
import { writeJsonFile } from "../../store/files/json_file.ts";
import { UsageError } from "../../config/usage_error.ts";
import { propose } from "../search/propose.ts";
import type { Trial } from "../search/trial.ts";
import { isAdaptive } from "./claim_job.ts";
import { type JobList, namedJobs, readJobs, writeJobs } from "./jobs_file.ts";
import { groupTrials } from "./pack_trials.ts";
import { type PackingOptions, planJobs } from "./plan_jobs.ts";
import { isSweep, openSweep, type StoredSweep, type Sweep } from "./sweep.ts";
import type { SweepJob } from "./sweep_job.ts";

/**
 * The jobs that a sweep begins with: all of them, or none where a search chooses points by what it finds.
 *
 * @param before jobs that there are already, of a sweep that is given more points.
 * @throws UsageError, RangeError or CodeError if none of the first points can be trained.
 */
export function firstJobs(
  sweep: Sweep,
  packing: PackingOptions,
  before: readonly SweepJob[] = [],
): JobList {
  const seed = sweep.stored.search_seed;
  if (isAdaptive(sweep)) {
    // Throws where no point can be trained, before anything is stored.
    groupTrials(sweep, propose(sweep.file, { seed, known: [], count: 8 }));
    return { jobs: before, isComplete: false };
  }
  const known = before.flatMap(({ trials }) => trials)
    .map((trial: Trial) => ({ trial, state: "finished", scores: [] }) as const);
  const trials = propose(sweep.file, { seed, known, count: Infinity });
  return {
    jobs: [...before, ...namedJobs(planJobs(sweep, trials, packing), before)],
    isComplete: true,
  };
}

/**
 * Stores a new sweep in a folder, or checks that the folder holds this one. A sweep may be given more points.
 *
 * @throws UsageError if the folder holds another sweep, or something else.
 */
export async function createSweep(sweep: Sweep, packing: PackingOptions): Promise<void> {
  const { folder, paths, stored } = sweep;
  const before = isSweep(folder) ? await openSweep(folder) : undefined;
  if (before) refuseOther(folder, before.stored, stored);
  else requireEmpty(folder);
  if (before && (before.file.runCap ?? Infinity) >= (sweep.file.runCap ?? Infinity)) return;
  const first = firstJobs(sweep, packing);
  Deno.mkdirSync(paths.jobFolder, { recursive: true });
  withLock(paths.lock, () => {
    // Another process may have been faster.
    if (!before && isSweep(folder)) return;
    const list = before ? firstJobs(sweep, packing, readJobs(paths.jobs).jobs) : first;
    writeJobs(paths.jobs, list);
    // The last file: a folder with it is complete.
    writeJsonFile(paths.definition, stored);
  });
}

/** @throws UsageError if what is stored is not what is asked for; the number of points may differ. */
function refuseOther(folder: string, before: StoredSweep, now: StoredSweep): void {
  const keys = ["file", "settings", "preset", "code", "seeds", "search_seed"] as const;
  const words: Readonly<Record<typeof keys[number], string>> = {
    file: "file",
    settings: "settings",
    preset: "preset",
    code: "code",
    seeds: "seeds",
    search_seed: "seed of the search",
  };
  const other = keys.find((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]));
  if (other === undefined) return;
  throw new UsageError(
    `${folder} holds a sweep with another ${words[other]}: --resume ${folder} goes on with it, ` +
      "--folder DIR begins a new one",
  );
}

/** @throws UsageError if a folder that holds no sweep holds something else. */
function requireEmpty(folder: string): void {
  try {
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    // What a process that was killed while it made a sweep may have left.
    const others = names.filter((name) => !["jobs", "jobs.json", ".lock"].includes(name));
    if (others.length === 0) return;
    throw new UsageError(
      `--folder ${folder}: it holds ${others[0]}, expected a new or empty folder`,
    );
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
