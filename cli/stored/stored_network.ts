/** One trained network of a run, out of a file of the run. */
import type { Tensor } from "../../core/run/tensor.ts";
import type { RunConfig } from "../config/run_config.ts";
import { readNewestCheckpoint } from "./stored_run.ts";

/** A network as a file holds it. */
export interface StoredNetwork {
  readonly path: string;
  readonly seed: number;
  /** Updates done. */
  readonly iteration: number;
  /** R of its movie, where its task has levels. */
  readonly level?: number;
  /** Whether it passed that level; a network in training has not yet. */
  readonly passed: boolean;
  /** By slot, [P, ...]. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Its place on the axis P. */
  readonly replica: number;
  /** P of the tensors. */
  readonly replicas: number;
}

/** What `--level` calls the networks of the newest checkpoint. */
export const newest = "newest";

/**
 * The networks of the newest checkpoint, one for each of the seeds, which the run must have.
 *
 * @throws UsageError if there is no checkpoint that can be used.
 */
export function readNewestNetworks(
  folder: string,
  { config, seeds }: { config: RunConfig; seeds: readonly number[] },
): StoredNetwork[] {
  const { path, step, tensors, metadata } = readNewestCheckpoint(folder, config);
  const levels = metadata.curriculum === undefined
    ? []
    : (JSON.parse(metadata.curriculum) as { level: number[] }).level;
  const all = config.training.seeds;
  return seeds.map((seed) => {
    const replica = all.indexOf(seed);
    const level = levels[replica];
    return {
      path,
      seed,
      iteration: step,
      ...level === undefined ? {} : { level },
      passed: false,
      tensors,
      replica,
      replicas: all.length,
    };
  });
}
