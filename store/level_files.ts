/**
 * `levels/`: networks as they were when they passed a level of their task, one file for each replica and
 * level. `evaluate` and `visualize` read them.
 */
import { join } from "node:path";
import { isPersistent } from "../core/backends/layout.ts";
import { judgedSlot } from "../core/program/average_slot.ts";
import type { Program } from "../core/program/program.ts";
import { writeFileAtomic } from "./files/atomic_file.ts";
import { readCheckpoint } from "./files/checkpoint.ts";
import { encodeCheckpoint } from "./files/checkpoint_format.ts";
import { DamagedFileError } from "./files/damaged_file_error.ts";
import { entriesOf, makeInnerFolder } from "./files/inner_folder.ts";
import type { Tensor } from "./files/tensor.ts";
import type { Replica } from "../config/replicas.ts";
import type { PassedLevel } from "../core/training/train_options.ts";

export interface LevelFile {
  readonly path: string;
  readonly level: number;
  /** The replica that passed the level. */
  readonly replica: Replica;
}

export interface LevelNetwork extends LevelFile {
  /** Updates done when the level was passed. */
  readonly iteration: number;
  /** Parameters and constants of one replica, [1, ...shape], by slot. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const levelsName = "levels";
const fileName = /^level-(\d+)-(\w+-\d+)\.safetensors$/;

/** How a file names its replica. Seeds tell replicas apart, unless something is swept. */
const replicaKey = ({ seed, settings }: Replica, index: number): string =>
  Object.keys(settings).length === 0 ? `seed-${seed}` : `replica-${index}`;

/**
 * Writes what a replica has learned, without the optimizer's state.
 *
 * @param options.replicas [P], all replicas of the run.
 */
export function writeLevel(
  folder: string,
  { replica: index, level, state }: PassedLevel,
  { program, replicas }: { program: Program; replicas: readonly Replica[] },
): void {
  const tensors = new Map<string, Tensor>();
  for (const slot of [...program.slots.values()].filter(isPersistent)) {
    if (slot.kind === "optimizer") continue;
    const values = state.tensors.get(judgedSlot(state.tensors, slot.name))!;
    const size = values.length / program.extents.replicas;
    const shape = [1, ...slot.hasBatchAxis ? [program.extents.sequences] : [], ...slot.shape];
    const data = values.slice(index * size, (index + 1) * size);
    tensors.set(slot.name, { dtype: data instanceof Float64Array ? "F64" : "F32", shape, data });
  }
  const levels = makeInnerFolder(folder, [levelsName]);
  const replica = replicas[index]!;
  const name = `level-${String(level).padStart(4, "0")}-${replicaKey(replica, index)}.safetensors`;
  const metadata = { level: String(level), seed: String(replica.seed) };
  writeFileAtomic(
    join(levels, name),
    encodeCheckpoint({ iteration: state.iteration, tensors, metadata }),
  );
}

/**
 * The files of passed levels, lowest level first, then by replica. Only their names are read.
 *
 * @param replicas [P], all replicas of the run.
 */
export function listLevels(folder: string, replicas: readonly Replica[]): LevelFile[] {
  const path = join(folder, levelsName);
  const indices = new Map(replicas.map((replica, index) => [replicaKey(replica, index), index]));
  return entriesOf(path).flatMap(({ name }) => {
    const [, level, key = ""] = fileName.exec(name) ?? [];
    const index = indices.get(key);
    return index === undefined
      ? []
      : [{ path: join(path, name), level: Number(level), replica: replicas[index]!, index }];
  })
    .sort((a, b) => a.level - b.level || a.index - b.index)
    .map(({ index: _, ...file }) => file);
}

/** @throws RunFolderError when it is no plain file, DamagedFileError when it is not whole. */
export function readLevel(file: LevelFile): LevelNetwork {
  const { iteration, tensors } = readCheckpoint(file.path);
  return { ...file, iteration, tensors };
}

/**
 * Removes the files of levels that were passed after an iteration: a resumed run passes them again. Call
 * it only under the lock of the run.
 */
export function dropLevelsAfter(
  folder: string,
  iteration: number,
  replicas: readonly Replica[],
): void {
  for (const file of listLevels(folder, replicas)) {
    try {
      if (readLevel(file).iteration > iteration) Deno.removeSync(file.path);
    } catch (error) {
      // A damaged file is replaced when the level is passed again, and reported when it is read.
      if (!(error instanceof DamagedFileError)) throw error;
    }
  }
}
