/** One trained network of a run, out of a file of the run. */
import type { Tensor } from "./files/tensor.ts";
import type { Replica } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import { readNewestCheckpoint } from "./stored_run.ts";

/** A network as a file holds it. */
export interface StoredNetwork {
  readonly path: string;
  /** Which replica of the run it is. */
  readonly trained: Replica;
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
 * The networks of the newest checkpoint, one for each of the chosen replicas.
 *
 * @throws UsageError if there is no checkpoint that can be used.
 */
export function readNewestNetworks(
  folder: string,
  { config, replicas, chosen }: {
    config: RunConfig;
    /** All of the run. */
    replicas: readonly Replica[];
    chosen: readonly Replica[];
  },
): StoredNetwork[] {
  const { path, iteration, tensors, metadata } = readNewestCheckpoint(folder, config);
  const levels = metadata.curriculum === undefined
    ? []
    : (JSON.parse(metadata.curriculum) as { level: number[] }).level;
  return chosen.map((trained) => {
    const replica = replicas.indexOf(trained);
    const level = levels[replica];
    return {
      path,
      trained,
      iteration,
      ...level === undefined ? {} : { level },
      passed: false,
      tensors,
      replica,
      replicas: replicas.length,
    };
  });
}
