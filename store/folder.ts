/** Checks the folder of a run before anything in it is opened, and reads its state back. */
import { dirname, join, resolve } from "node:path";
import { bestPath } from "./best_file.ts";
import { listCheckpoints, readLatestCheckpoint } from "./files/checkpoint.ts";
import type { Checkpoint } from "./files/checkpoint_format.ts";
import { readJsonFile } from "./files/json_file.ts";
import { plainFile } from "./files/plain_path.ts";
import { type MetricsRow, readMetrics } from "./files/metrics.ts";
import {
  checkRunFolder,
  openRunFolder,
  type RunFolder,
  type RunFolderOptions,
} from "./files/run_folder.ts";
import { usableName } from "./files/run_name.ts";
import { entrySections } from "../config/catalogue.ts";
import { replicasOf } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import { UsageError } from "../config/usage_error.ts";
import { listLevels } from "./level_files.ts";
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
 * @param say receives warnings.
 * @throws UsageError, RunFolderError or DamagedFileError, in one line, if they cannot.
 */
export function checkFolder(
  config: RunConfig,
  choice: FolderChoice,
  say: (line: string) => void,
): void {
  const { out, resume } = choice;
  if (out !== undefined && !resume) requireNoFile(out);
  checkRunFolder(folderOptions(config, choice));
  if (!resume || out === undefined) return;
  requirePlainFiles(out, config);
  lastRow(out, Infinity);
  checkEnvironment(out);
  const warnings: string[] = [];
  const checkpoint = readCheckpointOf(out, { warn: (text) => warnings.push(text) });
  if (checkpoint) {
    requireSameRun(checkpoint, config);
    requireReachable(checkpoint, config);
  }
  for (const text of warnings) say(text);
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

/** The last row of metrics up to an iteration; undefined if there is none. @throws DamagedFileError */
export function lastRow(folder: string, iteration: number): MetricsRow | undefined {
  let last: MetricsRow | undefined;
  for (const row of readMetrics(join(folder, "metrics.jsonl"))) {
    if (row.iteration <= iteration) last = row;
  }
  return last;
}

/** Checks `environment.json`, which a resumed run extends by its own start. @throws DamagedFileError */
function checkEnvironment(folder: string): void {
  const path = join(folder, "environment.json");
  if (plainFile(path)) readJsonFile(path);
}

/** Files that a run writes beside its checkpoints. */
const fileNames = [
  ".lock",
  "config.json",
  "environment.json",
  "figures.json",
  "lineage.json",
  "metrics.jsonl",
  "own_figures.json",
  "report.html",
  "status.json",
];

/**
 * Checks that the run will be able to write its files.
 *
 * @throws RunFolderError for the first path that is something else than a plain file or folder.
 */
function requirePlainFiles(folder: string, config: RunConfig): void {
  for (const name of fileNames) plainFile(join(folder, name));
  for (const { path } of listCheckpoints(folder)) plainFile(path);
  plainFile(bestPath(folder));
  for (const { path } of listLevels(folder, replicasOf(config))) plainFile(path);
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

function folderOptions(config: RunConfig, choice: FolderChoice) {
  const { out, resume } = choice;
  // Where a config has the path of a file, the folder has the name that its entry gives itself.
  const name = usableName(
    entrySections.map((section) => config.catalogue.find(section, config[section].name).name)
      .join("-"),
  );
  return { ...out === undefined ? {} : { out }, resume, name } satisfies RunFolderOptions;
}
