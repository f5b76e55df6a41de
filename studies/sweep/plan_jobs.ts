/** Makes the jobs of a sweep whose points are all known: which points are trained side by side. */
import type { Backend } from "../../core/backends/backend.ts";
import { buildRun } from "../../config/build/build_run.ts";
import {
  availableMemory,
  totalBytes,
  trainingChunk,
  withKeptStates,
} from "../../config/build/memory.ts";
import { mostPoints, type RunConfig } from "../../config/run_config.ts";
import type { Trial } from "../search/trial.ts";
import { processBytes } from "../jobs/dry_run.ts";
import { evenParts, groupTrials } from "./pack_trials.ts";
import { jobConfig, pointConfig } from "./point_config.ts";
import type { Sweep } from "./sweep.ts";

/** Most networks of a run, if nobody says. */
const MOST_NETWORKS = 64;
/** Programs whose memory is computed; more are not, since each takes some milliseconds. */
const MOST_BILLS = 16;

export interface PackingOptions {
  /** Most networks of a run; undefined: 64, or as many as there is memory for. */
  readonly networks?: number | undefined;
  /** Runs at a time. */
  readonly atOnce: number;
  /** Where they are trained; undefined: nobody asks what there is memory for. */
  readonly backend?: Backend | undefined;
}

/**
 * Points in groups, each of which is trained in one run. Points that leave the program equal are together, but no run
 * has more networks than are allowed, and there are as many runs as can be trained at a time. A run has all seeds of
 * its points.
 *
 * @throws what the first trial throws, if none of the first ones can be trained.
 */
export function planJobs(
  sweep: Sweep,
  trials: readonly Trial[],
  { networks = MOST_NETWORKS, atOnce, backend }: PackingOptions,
): Trial[][] {
  const seeds = sweep.stored.seeds.length;
  const most = Math.max(
    1,
    Math.min(Math.floor(networks / seeds), Math.ceil(trials.length / atOnce), mostPoints),
  );
  return groupTrials(sweep, trials).flatMap((group, index) => {
    const isBilled = backend && group.length > 1 && index < MOST_BILLS;
    const fitting = isBilled ? mostThatFit(sweep, group, { most, atOnce, backend }) : most;
    return evenParts(group, fitting);
  });
}

/** Points of a group that have room side by side, while other runs have theirs. */
function mostThatFit(
  sweep: Sweep,
  group: readonly Trial[],
  { most, atOnce, backend }: { most: number; atOnce: number; backend: Backend },
): number {
  const room = availableMemory()?.bytes ?? Infinity;
  let count = Math.min(most, group.length);
  const bytes = () =>
    jobBytes(
      jobConfig(group.slice(0, count).map(({ values }) => pointConfig(sweep, values))),
      backend,
    );
  while (count > 1 && atOnce * bytes() > room) count = Math.ceil(count / 2);
  return count;
}

/** Bytes of the process that trains a run. */
export function jobBytes(config: RunConfig, backend: Backend): number {
  const run = buildRun(config);
  const estimate = backend.estimateMemory(run.program, { chunk: trainingChunk(run, config) });
  return processBytes + totalBytes(withKeptStates(estimate, config));
}
