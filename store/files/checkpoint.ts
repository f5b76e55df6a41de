/**
 * Checkpoints: `<run folder>/checkpoints/step-<12 digits>.safetensors`, one self-contained file each. A
 * checkpoint counts only if its own hashes verify, so there is no marker or pointer that could disagree.
 */
import { basename, join } from "node:path";
import { writeFileAtomic, type WriteStage } from "./atomic_file.ts";
import {
  type Checkpoint,
  type CheckpointContent,
  checkpointName,
  decodeCheckpoint,
  encodeCheckpoint,
  iterationOfName,
} from "./checkpoint_format.ts";
import { DamagedFileError } from "./damaged_file_error.ts";
import { entriesOf, makeInnerFolder } from "./inner_folder.ts";
import { readBytes, sizeLimits } from "./open_file.ts";
import { firstNonFinite, type Tensor } from "./tensor.ts";

export interface CheckpointEntry {
  readonly iteration: number;
  readonly path: string;
}

export interface WriteCheckpointOptions {
  /** Newest checkpoints to keep, this one included; older ones are removed. */
  readonly keep?: number;
  /** Permit NaN and infinity in float tensors. */
  readonly allowNonFinite?: boolean;
  /** Called after each stage of the write (fault injection in tests). */
  readonly afterStage?: (stage: WriteStage) => void;
}

/**
 * Writes one checkpoint of a run. Returns only after the bytes were re-read, verified, renamed into
 * place and made durable; then removes the oldest beyond `keep`. A failed write leaves the earlier
 * checkpoints as they were.
 * @returns the path written
 * @throws RangeError on a bad iteration or `keep`, or a tensor that is not finite
 * @throws TypeError when metadata uses a reserved name
 * @throws Error when the system refuses (disk full, no permission)
 */
export function writeCheckpoint(
  folder: string,
  content: CheckpointContent,
  { keep = 3, allowNonFinite = false, afterStage }: WriteCheckpointOptions = {},
): string {
  const { iteration, tensors } = content;
  if (!Number.isSafeInteger(iteration) || iteration < 0 || iteration > 999_999_999_999) {
    throw new RangeError(`checkpoint step ${iteration} is not an integer from 0 to 999999999999`);
  }
  if (!Number.isSafeInteger(keep) || keep < 1) {
    throw new RangeError(`checkpoints to keep is ${keep}, expected an integer >= 1`);
  }
  if (!allowNonFinite) {
    const failed = `checkpoint of step ${iteration} not written`;
    requireFinite(tensors, (problem) => new RangeError(`${failed}: ${problem}`));
  }
  const checkpoints = makeInnerFolder(folder, [checkpointsName]);
  const path = join(checkpoints, checkpointName(iteration));
  const bytes = encodeCheckpoint(content);
  writeFileAtomic(path, bytes, {
    afterStage,
    verify: (written) => void decodeCheckpoint(written, path),
  });
  // Later checkpoints, left by a run that was rewound, do not count: the one just written stays.
  const upToNow = listCheckpoints(folder).filter((entry) => entry.iteration <= iteration);
  for (const old of upToNow.slice(keep)) Deno.removeSync(old.path);
  return path;
}

/** The checkpoint files of a run, newest first, by name only: their content is not verified. */
export function listCheckpoints(folder: string): CheckpointEntry[] {
  const checkpoints = checkpointsFolder(folder);
  const entries: CheckpointEntry[] = [];
  for (const { name } of entriesOf(checkpoints)) {
    const iteration = iterationOfName(name);
    if (iteration !== undefined) entries.push({ iteration, path: join(checkpoints, name) });
  }
  return entries.sort((a, b) => b.iteration - a.iteration);
}

/**
 * Reads and verifies one file in the format of checkpoints.
 * @throws RunFolderError when it is no plain file
 * @throws DamagedFileError when it does not verify, is not finite, or the disk cannot read it
 * @throws RangeError when a newer version of the format wrote it
 */
export function readCheckpoint(
  path: string,
  { allowNonFinite = false }: Pick<WriteCheckpointOptions, "allowNonFinite"> = {},
): Checkpoint {
  const checkpoint = decodeCheckpoint(readBytes(path, sizeLimits.tensors), path);
  if (!allowNonFinite) {
    requireFinite(checkpoint.tensors, (problem) => new DamagedFileError(path, problem));
  }
  return checkpoint;
}

/**
 * The newest checkpoint of a run that verifies. Each damaged one on the way is reported to `warn`.
 * @throws Error when there is no checkpoint, or none that verifies: a run never starts from scratch
 *   in silence
 */
export function readLatestCheckpoint(
  folder: string,
  { warn = console.error }: { warn?: (message: string) => void } = {},
): Checkpoint {
  const entries = listCheckpoints(folder);
  if (entries.length === 0) throw new Error(`${checkpointsFolder(folder)} holds no checkpoint`);
  for (const [index, { path }] of entries.entries()) {
    try {
      return readCheckpoint(path);
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      const next = entries[index + 1];
      const action = next ? `trying ${basename(next.path)}` : "no older one is left";
      warn(`damaged checkpoint: ${error.message}; ${action}`);
    }
  }
  throw new Error(
    `none of the ${entries.length} checkpoints in ${checkpointsFolder(folder)} is usable`,
  );
}

const checkpointsName = "checkpoints";
const checkpointsFolder = (folder: string) => join(folder, checkpointsName);

/** @param error makes the error of a tensor that is not finite. */
function requireFinite(
  tensors: ReadonlyMap<string, Tensor>,
  error: (problem: string) => Error,
): void {
  for (const [name, { data }] of tensors) {
    const index = firstNonFinite(data);
    if (index >= 0) throw error(`tensor ${name} is ${data[index]} at ${index}`);
  }
}
