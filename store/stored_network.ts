/** One trained network of a run, as a file of the run holds it. */
import type { Tensor } from "./files/tensor.ts";
import type { Replica } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import { storedCurriculum } from "./stored_texts.ts";
import { type CheckpointChoice, readJudgedCheckpoint } from "./judged_checkpoint.ts";

/** The tensors of a file, and which of their networks is meant. */
export interface StoredNetwork {
  readonly path: string;
  /** The replica of the run that was trained. */
  readonly replica: Replica;
  /** Updates done. */
  readonly iteration: number;
  /** Level (R of a movie) that it passed or is trained at, where its task has levels. */
  readonly level?: number;
  /** Whether it passed that level; a network of the newest checkpoint has not yet. */
  readonly passed: boolean;
  /** By slot, [P, ...]. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Index on the axis P of the tensors. */
  readonly index: number;
  /** P of the tensors. */
  readonly replicas: number;
}

/** The value of `--level` for the networks of the newest checkpoint. */
export const newest = "newest";

/**
 * Reads the networks of the newest checkpoint, or of the best ones, one for each chosen replica.
 *
 * @throws UsageError if there is no checkpoint that can be used.
 */
export function readTrainedNetworks(
  folder: string,
  { config, replicas, chosen, checkpoint: choice, say }: {
    config: RunConfig;
    /** [P], all replicas of the run. */
    replicas: readonly Replica[];
    chosen: readonly Replica[];
    /** Default: the best networks if the run keeps them. */
    checkpoint?: CheckpointChoice | undefined;
    /** Receives notes; default: standard error. */
    say?: ((line: string) => void) | undefined;
  },
): StoredNetwork[] {
  const checkpoint = readJudgedCheckpoint(folder, config, choice, say);
  const { path, tensors, best } = checkpoint;
  const levels = storedCurriculum(checkpoint, config)?.level ?? [];
  return chosen.map((replica) => {
    const index = replicas.indexOf(replica);
    const level = levels[index];
    const iteration = best ? best.iterations[index]! : checkpoint.iteration;
    return {
      path,
      replica,
      iteration,
      ...level === undefined ? {} : { level },
      passed: false,
      tensors,
      index,
      replicas: replicas.length,
    };
  });
}
