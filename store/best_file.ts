/** `checkpoints/best.safetensors`: the best network of each replica, with all that training goes on from. */
import { join } from "node:path";
import { z } from "../deps/zod.ts";
import type { RunConfig } from "../config/run_config.ts";
import { replicasOf } from "../config/replicas.ts";
import { isPersistent } from "../core/backends/layout.ts";
import type { Values } from "../core/backends/backend.ts";
import type { Program } from "../core/program/program.ts";
import type { BestNetworks, FollowedMetric } from "../core/training/followed_metric.ts";
import { writeFileAtomic } from "./files/atomic_file.ts";
import { readCheckpoint } from "./files/checkpoint.ts";
import {
  type Checkpoint,
  type CheckpointContent,
  encodeCheckpoint,
} from "./files/checkpoint_format.ts";
import { DamagedFileError } from "./files/damaged_file_error.ts";
import { makeInnerFolder } from "./files/inner_folder.ts";
import { fromJsonNumbers, toJsonNumbers } from "./files/json_number.ts";
import { plainFile } from "./files/plain_path.ts";
import { requireTensor } from "./require_tensor.ts";
import { storedShape } from "./state_file.ts";
import { storedJson } from "./stored_texts.ts";

export const bestPath = (folder: string): string => join(folder, "checkpoints", "best.safetensors");

/** By which metric networks were kept, and when each was the best; arrays are [P]. */
export interface BestRecord {
  /** Such as `eval/accuracy`. */
  readonly metric: string;
  /** NaN: the network has none. */
  readonly values: readonly number[];
  readonly iterations: readonly number[];
}

/**
 * Writes the best networks.
 *
 * @param content the checkpoint of the moment, whose tensors are replaced.
 */
export function writeBest(
  folder: string,
  { standing, tensors }: BestNetworks,
  { content, metric }: { content: CheckpointContent; metric: FollowedMetric },
): void {
  makeInnerFolder(folder, ["checkpoints"]);
  const { values, iterations } = standing;
  const best = { metric: metric.name, values: toJsonNumbers({ values }).values, iterations };
  const encoded = encodeCheckpoint({
    iteration: Math.max(...iterations),
    tensors: new Map([...content.tensors].map(([name, tensor]) => {
      const data = tensors.get(name);
      return [name, data ? { ...tensor, data } : tensor];
    })),
    metadata: { ...content.metadata, best: JSON.stringify(best) },
  });
  writeFileAtomic(bestPath(folder), encoded);
}

const schema = z.object({
  metric: z.string(),
  values: z.unknown(),
  iterations: z.array(z.int().min(0)),
});

/** What a file says of its best networks. @throws DamagedFileError */
export function bestRecord(
  file: Pick<Checkpoint, "path" | "metadata">,
  config: RunConfig,
): BestRecord {
  const { metric, values, iterations } = storedJson(file, "best", schema);
  // One replica has one number in a file.
  const numbers = [fromJsonNumbers(values) ?? []].flat();
  const replicas = replicasOf(config).length;
  if (numbers.length === replicas && iterations.length === replicas) {
    return { metric, values: numbers, iterations };
  }
  throw new DamagedFileError(file.path, `its best networks are not those of ${replicas} replicas`);
}

/** The file; undefined if there is none. @throws DamagedFileError */
export const readBest = (folder: string): Checkpoint | undefined =>
  plainFile(bestPath(folder)) ? readCheckpoint(bestPath(folder)) : undefined;

/**
 * The best networks that a resumed run goes on with; undefined if it has kept none yet.
 *
 * @param say receives a line if the file is damaged: then better ones are looked for anew.
 */
export function storedBest(
  folder: string,
  { config, program, say }: {
    config: RunConfig;
    program: Program;
    say: (line: string) => void;
  },
): BestNetworks | undefined {
  let file: Checkpoint | undefined;
  try {
    file = readBest(folder);
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    say(`damaged checkpoint: ${error.message}; the best networks begin anew`);
  }
  if (!file) return undefined;
  const { values, iterations } = bestRecord(file, config);
  const tensors = new Map<string, Values>();
  for (const slot of [...program.slots.values()].filter(isPersistent)) {
    const shape = storedShape(program, slot);
    tensors.set(slot.name, requireTensor(file, { name: slot.name, shape }));
  }
  const rows = values.map(() => 0);
  return { standing: { values: [...values], iterations: [...iterations], rows }, tensors };
}

/** Removes the file of a run that begins anew. */
export function removeBest(folder: string): void {
  if (plainFile(bestPath(folder))) Deno.removeSync(bestPath(folder));
}
