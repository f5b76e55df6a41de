/** The trained networks of a run folder that are to be drawn. */
import { join } from "node:path";
import { listCheckpoints, readLatestCheckpoint } from "../../core/run/checkpoint.ts";
import type { Checkpoint } from "../../core/run/checkpoint_format.ts";
import { readConfig } from "../../core/run/config_file.ts";
import { DamagedFileError } from "../../core/run/damaged_file_error.ts";
import type { Tensor } from "../../core/run/tensor.ts";
import { configAssignments } from "../config/config_file.ts";
import { resolveConfig } from "../config/resolve_config.ts";
import type { RunConfig } from "../config/run_config.ts";
import { formatNumberList, parseNumberList } from "../evaluate/number_list.ts";
import { type LevelFile, listLevels, readLevel } from "../train/level_files.ts";
import { runHash } from "../train/state_file.ts";
import { UsageError } from "../usage_error.ts";

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

const refuse = (folder: string, reason: string, cause?: unknown) =>
  new UsageError(`cannot visualize ${folder}: ${reason}`, { cause });

/** @throws UsageError in one line if the folder holds no run, or a damaged one. */
export function readRunConfig(folder: string): RunConfig {
  let stored: unknown;
  try {
    stored = readConfig(folder);
  } catch (error) {
    const { NotFound, NotADirectory, IsADirectory } = Deno.errors;
    if (error instanceof NotFound) {
      throw refuse(folder, "it holds no run (no config.json)", error);
    }
    if (error instanceof NotADirectory) {
      throw refuse(folder, "it is a file, expected the folder of a run", error);
    }
    if (error instanceof IsADirectory) throw refuse(folder, "its config.json is a folder", error);
    if (error instanceof DamagedFileError) throw refuse(folder, error.message, error);
    throw error;
  }
  const source = join(folder, "config.json");
  return resolveConfig(configAssignments(stored, source), { preset: null }).config;
}

export interface NetworkChoice {
  readonly config: RunConfig;
  /** As typed; default: the first level passed and the highest. */
  readonly level: string | undefined;
  /** Default: the first seed of the run. */
  readonly seed: number | undefined;
}

/**
 * The networks of one seed, lowest level first. Without a level passed it is that of the newest
 * checkpoint.
 *
 * @throws UsageError if there is none, or not those that are asked for.
 * @throws DamagedFileError if a level file is not whole.
 */
export function readNetworks(folder: string, { config, level, seed }: NetworkChoice) {
  const { seeds } = config.training;
  const chosen = seed ?? seeds[0]!;
  if (!seeds.includes(chosen)) {
    throw new UsageError(`--seed ${chosen}: the run has the seeds ${seeds.join(", ")}`);
  }
  const files = listLevels(folder).filter((file) => file.seed === chosen);
  if (files.length === 0) {
    if (level !== undefined) {
      throw new UsageError(`--level ${level}: seed ${chosen} of the run has passed no level`);
    }
    return [readNewest(folder, config, seeds.indexOf(chosen))];
  }
  return chooseLevels(files, level).map((file): StoredNetwork => ({
    ...readLevel(file),
    passed: true,
    replica: 0,
    replicas: 1,
  }));
}

/** @throws UsageError if a level is asked for that is not there. */
export function chooseLevels(files: readonly LevelFile[], list: string | undefined): LevelFile[] {
  const levels = files.map(({ level }) => level);
  if (list === "all") return [...files];
  const wanted = list === undefined
    ? [levels[0]!, levels.at(-1)!]
    : parseNumberList(list, "--level");
  const missing = wanted.find((level) => !levels.includes(level));
  if (missing !== undefined) {
    throw new UsageError(
      `--level ${missing}: the run has not passed it; passed: ${formatNumberList(levels)}`,
    );
  }
  return files.filter(({ level }) => wanted.includes(level));
}

function readNewest(folder: string, config: RunConfig, replica: number): StoredNetwork {
  if (listCheckpoints(folder).length === 0) {
    throw refuse(folder, "it has no checkpoint yet");
  }
  const damaged: string[] = [];
  let checkpoint: Checkpoint;
  try {
    checkpoint = readLatestCheckpoint(folder, { warn: (text) => damaged.push(text) });
  } catch (error) {
    throw damaged.length === 0 ? error : refuse(folder, damaged.join("; "), error);
  }
  for (const text of damaged) console.error(text);
  const { path, step, tensors, metadata } = checkpoint;
  if (metadata.config_sha256 !== runHash(config)) {
    throw refuse(folder, `${path} is of another config than config.json`);
  }
  const level = metadata.curriculum === undefined
    ? undefined
    : (JSON.parse(metadata.curriculum) as { level: number[] }).level[replica];
  return {
    path,
    seed: config.training.seeds[replica]!,
    iteration: step,
    ...level === undefined ? {} : { level },
    passed: false,
    tensors,
    replica,
    replicas: config.training.seeds.length,
  };
}
