/** Checks the folder of a run before anything in it is opened, and reads its state back. */
import { dirname, join, resolve } from "node:path";
import { listCheckpoints, readLatestCheckpoint } from "./files/checkpoint.ts";
import { type Checkpoint, iterationOfName } from "./files/checkpoint_format.ts";
import { readJsonFile } from "./files/json_file.ts";
import { type MetricsRow, readMetrics } from "./files/metrics.ts";
import {
  checkRunFolder,
  openRunFolder,
  type RunFolder,
  type RunFolderOptions,
} from "./files/run_folder.ts";
import type { RunConfig } from "../config/run_config.ts";
import { UsageError } from "../config/usage_error.ts";
import { requireReachable, requireSameRun } from "./state_file.ts";

export interface FolderChoice {
  /** The folder of the run; undefined: a new one under `runs/default`. */
  readonly out: string | undefined;
  /** Whether to continue the run in `out`. */
  readonly resume: boolean;
}

/**
 * Checks that a folder, and its checkpoint, can be used. Touches nothing.
 *
 * @throws UsageError, RunFolderError or DamagedFileError, in one line, if they cannot.
 */
export function checkFolder(config: RunConfig, choice: FolderChoice): void {
  const { out, resume } = choice;
  if (out !== undefined && !resume) requireNoFile(out);
  checkRunFolder(folderOptions(config, choice));
  if (!resume || out === undefined) return;
  requirePlainFiles(out);
  readRows(out);
  checkEnvironment(out);
  const warnings: string[] = [];
  const checkpoint = readCheckpointOf(out, { warn: (text) => warnings.push(text) });
  if (checkpoint) {
    requireSameRun(checkpoint, config);
    requireReachable(checkpoint, config);
  }
  for (const text of warnings) console.error(text);
}

/** Creates or opens the folder, under its lock. @throws RunFolderError if it cannot be used. */
export function openFolder(config: RunConfig, choice: FolderChoice): RunFolder {
  return openRunFolder(folderOptions(config, choice));
}

/**
 * The newest checkpoint that verifies; undefined for a run killed before it had any.
 *
 * @throws UsageError in one line if there are some, and none verifies.
 */
export function readCheckpointOf(
  folder: string,
  { warn = () => {} }: { warn?: (text: string) => void } = {},
): Checkpoint | undefined {
  if (listCheckpoints(folder).length === 0) return undefined;
  const damaged: string[] = [];
  try {
    const checkpoint = readLatestCheckpoint(folder, { warn: (text) => damaged.push(text) });
    damaged.forEach(warn);
    return checkpoint;
  } catch (error) {
    if (damaged.length === 0) throw error;
    throw new UsageError(`cannot resume ${folder}: ${damaged.join("; ")}`, { cause: error });
  }
}

/** The metrics of a run so far. @throws DamagedFileError in one line. */
export function readRows(folder: string): MetricsRow[] {
  return readMetrics(join(folder, "metrics.jsonl"));
}

/** Checks `environment.json`, which a resumed run extends by its own start. @throws DamagedFileError */
function checkEnvironment(folder: string): void {
  const path = join(folder, "environment.json");
  if (lstat(path)) readJsonFile(path);
}

/** Files that a run writes beside its checkpoints. */
const fileNames = [
  ".lock",
  "config.json",
  "environment.json",
  "figures.json",
  "metrics.jsonl",
  "report.html",
  "status.json",
];

/**
 * Checks that the run will be able to write its files.
 *
 * @throws UsageError for the first path that is something else than a plain file or folder.
 */
function requirePlainFiles(folder: string): void {
  const require = (path: string, kind: "isFile" | "isDirectory") => {
    const info = lstat(path);
    if (!info || info[kind]) return;
    const actual = info.isSymlink ? "a symbolic link" : info.isDirectory ? "a folder" : "a file";
    const expected = kind === "isFile" ? "a plain file" : "a plain folder";
    throw new UsageError(`cannot resume ${folder}: ${path} is ${actual}, expected ${expected}`);
  };
  for (const name of fileNames) require(join(folder, name), "isFile");
  const checkpoints = join(folder, "checkpoints");
  require(checkpoints, "isDirectory");
  if (!lstat(checkpoints)) return;
  for (const { name } of Deno.readDirSync(checkpoints)) {
    if (iterationOfName(name) !== undefined) require(join(checkpoints, name), "isFile");
  }
}

/** @throws UsageError if the path of a new folder is a file, or lies below one. */
function requireNoFile(out: string): void {
  for (let path = resolve(out);; path = dirname(path)) {
    let info: Deno.FileInfo;
    try {
      info = Deno.statSync(path);
    } catch {
      // Nothing here, or a file above: the next folder up tells which.
      if (path === dirname(path)) return;
      continue;
    }
    if (info.isDirectory) return;
    const what = path === resolve(out) ? "it" : path;
    throw new UsageError(`--out ${out}: ${what} is a file, expected a folder`);
  }
}

function lstat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function folderOptions({ task, model, updater }: RunConfig, choice: FolderChoice) {
  const { out, resume } = choice;
  const name = `${task.name}-${model.name}-${updater.name}`;
  return { ...out === undefined ? {} : { out }, resume, name } satisfies RunFolderOptions;
}
