/** What a new run begins with, if it is not the draw of its seeds. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Run } from "../config/build/build_run.ts";
import type { RunConfig } from "../config/run_config.ts";
import { UsageError } from "../config/usage_error.ts";
import type { TrainState } from "../core/training/train_options.ts";
import { forkState } from "./fork_state.ts";
import { differences } from "./forked_config.ts";
import { readBytes, sizeLimits } from "./files/open_file.ts";
import { type CheckpointChoice, readJudgedCheckpoint } from "./judged_checkpoint.ts";
import { type Lineage, readLineage } from "./lineage.ts";

/** The state of the first moment, and where it is from. */
export interface RunStart {
  readonly state: TrainState;
  readonly lineage: Lineage;
  /** Lines to be said. */
  readonly notes?: readonly string[];
}

/**
 * The start of a run that goes on from a checkpoint of another one.
 *
 * @param source.choice which checkpoint; of the best networks only those of one iteration can go on.
 * @throws UsageError if there is no such checkpoint, it does not fit, or nothing is left to train.
 */
export function forkStart(
  { folder, parent, choice }: {
    folder: string;
    parent: RunConfig;
    choice: CheckpointChoice;
  },
  { config, run }: { config: RunConfig; run: Run },
): RunStart {
  const checkpoint = readJudgedCheckpoint(folder, parent, choice);
  const { path, iteration, best } = checkpoint;
  if (best && new Set(best.iterations).size > 1) {
    throw new UsageError(
      `cannot fork ${path}: its best networks are of several iterations, ${
        best.iterations.join(", ")
      }`,
    );
  }
  if (iteration >= config.training.iterations) {
    throw new UsageError(
      `cannot fork ${path}: it has done ${iteration} iterations, expected a larger --iterations, which counts them too`,
    );
  }
  const { state, anew } = forkState({ parent, checkpoint }, { config, run });
  return {
    state,
    lineage: {
      kind: "fork",
      from: folder,
      checkpoint: basename(path),
      iteration,
      sha256: hashOf(path),
      changed: differences(parent, config),
      anew,
      before: readLineage(folder),
    },
  };
}

export const hashOf = (path: string): string =>
  createHash("sha256").update(readBytes(path, sizeLimits.tensors)).digest("hex");
