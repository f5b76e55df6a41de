/**
 * `levels/`: the network as it was when it passed a level of its task, one file a replica and level, for
 * `evaluate` and `visualize`.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isPersistent } from "../core/backends/layout.ts";
import { judgedSlot } from "../core/program/average_slot.ts";
import type { Program } from "../core/program/program.ts";
import { removeStaleFiles, writeFileAtomic } from "./files/atomic_file.ts";
import { decodeCheckpoint, encodeCheckpoint } from "./files/checkpoint_format.ts";
import { DamagedFileError } from "./files/damaged_file_error.ts";
import { refuseSymlink } from "./files/refuse_symlink.ts";
import type { Tensor } from "./files/tensor.ts";
import type { Replica } from "../config/replicas.ts";
import type { PassedLevel } from "../core/training/train_options.ts";

export interface LevelFile {
  readonly path: string;
  readonly level: number;
  /** Whose network it is. */
  readonly trained: Replica;
}

export interface LevelNetwork extends LevelFile {
  /** Updates done when the level was passed. */
  readonly iteration: number;
  /** Parameters and constants of one replica, [1, ...shape], by slot. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const levelsFolder = (folder: string) => join(folder, "levels");
const fileName = /^level-(\d+)-(\w+-\d+)\.safetensors$/;

/** Seeds tell replicas apart, unless something is swept. */
const whoseOf = ({ seed, settings }: Replica, replica: number): string =>
  Object.keys(settings).length === 0 ? `seed-${seed}` : `replica-${replica}`;

/** Writes what a replica has learned, without the optimizer's state. */
export function writeLevel(
  folder: string,
  { replica, level, state }: PassedLevel,
  { program, replicas }: { program: Program; replicas: readonly Replica[] },
): void {
  const tensors = new Map<string, Tensor>();
  for (const slot of [...program.slots.values()].filter(isPersistent)) {
    if (slot.kind === "optimizer") continue;
    const all = state.tensors.get(judgedSlot(state.tensors, slot.name))!;
    const size = all.length / program.extents.replicas;
    const shape = [1, ...slot.hasBatchAxis ? [program.extents.sequences] : [], ...slot.shape];
    const data = all.slice(replica * size, (replica + 1) * size);
    tensors.set(slot.name, { dtype: data instanceof Float64Array ? "F64" : "F32", shape, data });
  }
  Deno.mkdirSync(levelsFolder(folder), { recursive: true });
  const trained = replicas[replica]!;
  const name = `level-${String(level).padStart(4, "0")}-${whoseOf(trained, replica)}.safetensors`;
  const metadata = { level: String(level), seed: String(trained.seed) };
  writeFileAtomic(
    join(levelsFolder(folder), name),
    encodeCheckpoint({ iteration: state.iteration, tensors, metadata }),
  );
}

/** The levels that the replicas of a run have passed, lowest first, by name only. */
export function listLevels(folder: string, replicas: readonly Replica[]): LevelFile[] {
  const path = levelsFolder(folder);
  if (!existsSync(path)) return [];
  const byName = new Map(
    replicas.map((trained, replica) => [whoseOf(trained, replica), replica]),
  );
  return [...Deno.readDirSync(path)].flatMap(({ name, isFile }) => {
    const [, level, whose = ""] = isFile && fileName.exec(name) || [];
    const replica = byName.get(whose);
    return replica === undefined
      ? []
      : [{ path: join(path, name), level: Number(level), trained: replicas[replica]!, replica }];
  })
    .sort((a, b) => a.level - b.level || a.replica - b.replica)
    .map(({ replica: _, ...file }) => file);
}

/** @throws DamagedFileError when the file is not whole. */
export function readLevel(file: LevelFile): LevelNetwork {
  const { iteration, tensors } = decodeCheckpoint(Deno.readFileSync(file.path), file.path);
  return { ...file, iteration, tensors };
}

/**
 * Removes the files of levels that were passed after an iteration, as a run goes on from there, and
 * what killed writers left. Only under the lock of the run.
 */
export function dropLevelsAfter(
  folder: string,
  iteration: number,
  replicas: readonly Replica[],
): void {
  const levels = levelsFolder(folder);
  if (refuseSymlink(levels) !== null) removeStaleFiles(levels);
  for (const file of listLevels(folder, replicas)) {
    try {
      if (readLevel(file).iteration > iteration) Deno.removeSync(file.path);
    } catch (error) {
      // A damaged one is replaced when the level is passed again, and told of when it is read.
      if (!(error instanceof DamagedFileError)) throw error;
    }
  }
}
