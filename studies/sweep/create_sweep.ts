/** Makes the folder of a sweep, or adds points to one. */
import { withLock } from "../../store/files/run_lock.ts";
import { writeJsonFile } from "../../store/files/json_file.ts";
import { UsageError } from "../../config/usage_error.ts";
import { propose } from "../search/propose.ts";
import { mostTrials } from "../search/space.ts";
import type { Trial } from "../search/trial.ts";
import { type JobList, namedJobs, readJobs, writeJobs } from "./jobs_file.ts";
import { firstPoint, MOST_TRIED } from "./pack_trials.ts";
import { type PackingOptions, planJobs } from "./plan_jobs.ts";
import { isAdaptive, isSweep, openSweep, type StoredSweep, type Sweep } from "./sweep.ts";
import type { SweepJob } from "./sweep_job.ts";
import { checkMetric } from "./sweep_metric.ts";

/** Most points: their list is read and replaced as a whole. */
const MOST_POINTS = 100_000;

/**
 * The jobs that a sweep begins with: all of them, or none where a search chooses points by what it finds.
 *
 * @param before jobs that there are already, of a sweep that is given more points.
 * @throws UsageError if there are too many points, or rows will not have the metric of the file.
 * @throws UsageError, RangeError or CodeError if none of the first points can be trained.
 */
export function firstJobs(
  sweep: Sweep,
  packing: PackingOptions,
  before: readonly SweepJob[] = [],
): JobList {
  const seed = sweep.stored.search_seed;
  const firstTrials = propose(sweep.file, { seed, known: [], count: MOST_TRIED });
  checkMetric(sweep, firstPoint(sweep, firstTrials).built);
  const points = mostTrials(sweep.file);
  if (points > MOST_POINTS) {
    throw new UsageError(
      `sweep ${sweep.stored.file.name}: expected at most ${MOST_POINTS} points, got ${points}: ` +
        "run_cap or --trials takes the first ones, method random any",
    );
  }
  if (isAdaptive(sweep)) return { jobs: before, isComplete: false };
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
  const before = await sweepBefore(sweep);
  if (before && !hasMorePoints(sweep, before)) return;
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
  // The faster process may have begun another sweep.
  await sweepBefore(sweep);
}

/**
 * What a sweep finds in its folder: the same one, perhaps with another number of points, or nothing.
 *
 * @throws UsageError if the folder holds another sweep, or something else.
 */
export async function sweepBefore({ folder, stored }: Sweep): Promise<Sweep | undefined> {
  if (!isSweep(folder)) {
    requireEmpty(folder);
    return undefined;
  }
  const before = await openSweep(folder);
  refuseOther(folder, before.stored, stored);
  return before;
}

/** Whether a sweep that is asked for may have more points than the one that is stored. */
export const hasMorePoints = (sweep: Sweep, before: Sweep): boolean =>
  (sweep.file.runCap ?? Infinity) > (before.file.runCap ?? Infinity);

/** @throws UsageError if what is stored is not what is asked for; the number of points may differ. */
function refuseOther(folder: string, before: StoredSweep, now: StoredSweep): void {
  const keys = ["file", "settings", "preset", "code", "seeds", "search_seed"] as const;
  const words: Readonly<Record<typeof keys[number], string>> = {
    file: "another file",
    settings: "other settings",
    preset: "another preset",
    code: "other code",
    seeds: "other seeds",
    search_seed: "another seed of the search",
  };
  const other = keys.find((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]));
  if (other === undefined) return;
  throw new UsageError(
    `${folder} holds a sweep with ${words[other]}: --resume ${folder} goes on with it, ` +
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
