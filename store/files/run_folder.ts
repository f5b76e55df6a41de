/**
 * The folder of a run, opened under its lock. Everything that is shown later is a function of the files
 * in it.
 */
import { basename, dirname, join, resolve } from "node:path";
import { syncFolder } from "./atomic_file.ts";
import { entriesOf } from "./inner_folder.ts";
import { plainFile, plainFolder } from "./plain_path.ts";
import { RunFolderError } from "./run_folder_error.ts";
import { lockName, lockRunFolder } from "./run_lock.ts";
import { checkRunName, runId } from "./run_name.ts";
import { readStatus } from "./status.ts";
import { isTemporary, removeStaleFiles } from "./temporary_file.ts";
import { writing } from "./writing.ts";

/** The folder of runs without `--out`, from the current folder. */
export const defaultGroup = join("runs", "default");

export interface RunFolderOptions {
  /** The folder of the run; undefined: a new one in `defaultGroup`. */
  readonly out?: string;
  /** Short name of the run, the last part of its id. */
  readonly name?: string;
  /** Continue the run in `out`, which must hold one. */
  readonly resume?: boolean;
}

export interface RunFolder {
  readonly path: string;
  readonly id: string;
  /** Frees the lock, as the end of the process does. */
  close(): void;
}

/**
 * Creates or opens a run folder, locks it, and removes temporary files of killed writers.
 * @throws RangeError on a name that is not one plain path component
 * @throws TypeError when `resume` is given without `out`
 * @throws RunFolderError when the folder is in use or a link, when it is not empty (new run), or when it
 *   holds no run (resume)
 */
export function openRunFolder(options: RunFolderOptions): RunFolder {
  const { out, name, resume = false } = options;
  if (out === undefined) {
    if (resume) throw new TypeError("resume needs the folder of the run to continue");
    return newRunFolder(defaultGroup, { name });
  }
  const path = resolve(out);
  if (resume) requireRun(path, out);
  else {
    Deno.mkdirSync(path, { recursive: true });
    // Checked before the lock file is made: a folder of something else stays untouched.
    requireEmpty(path, out);
  }
  const folder = lock(path);
  try {
    // Checked again under the lock: another process may have been first.
    if (!resume) requireEmpty(path, out);
    removeStaleBelow(path);
  } catch (error) {
    folder.close();
    throw error;
  }
  return folder;
}

/**
 * Checks that `openRunFolder` would take a folder. Touches nothing.
 *
 * @throws as `openRunFolder`, except for a folder that is in use.
 */
export function checkRunFolder({ out, resume = false }: RunFolderOptions): void {
  if (out === undefined) return;
  const path = resolve(out);
  if (resume) requireRun(path, out);
  else if (plainFolder(path) !== null) requireEmpty(path, out);
}

function lock(path: string): RunFolder {
  const close = lockRunFolder(path);
  return { path, id: basename(path), close };
}

/**
 * Creates `group/<id>`, a folder that no other process has, and locks it.
 *
 * @param options.start time of the start, for the id.
 * @throws RangeError on a name that is not one plain path component
 * @throws RunFolderError where the group is a link
 */
export function newRunFolder(
  group: string,
  { name = "run", start = new Date() }: { name?: string | undefined; start?: Date } = {},
): RunFolder {
  const id = runId(name, start);
  const groupPath = resolve(group);
  Deno.mkdirSync(dirname(groupPath), { recursive: true });
  if (plainFolder(groupPath) === null) Deno.mkdirSync(groupPath, { recursive: true });
  for (let attempt = 1;; attempt++) {
    const path = join(groupPath, attempt === 1 ? id : checkRunName(`${id}-${attempt}`));
    try {
      Deno.mkdirSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists) || attempt === 9999) throw error;
      continue;
    }
    writing(path, () => syncFolder(groupPath));
    return lock(path);
  }
}

/** Removes what killed writers left in a run folder and all folders in it. */
function removeStaleBelow(folder: string): void {
  const entries = entriesOf(folder);
  removeStaleFiles(folder);
  for (const { name, isDirectory } of entries) {
    if (isDirectory) removeStaleBelow(join(folder, name));
  }
}

function holdsRun(path: string): boolean {
  return plainFile(join(path, "config.json")) !== null;
}

function requireEmpty(path: string, givenPath: string): void {
  // A process killed before it wrote a config leaves its lock and a temporary file.
  const isEmpty = [...Deno.readDirSync(path)]
    .every((entry) => entry.name === lockName || isTemporary(entry));
  if (isEmpty) return;
  if (!holdsRun(path)) {
    throw new RunFolderError(
      givenPath,
      "not_empty",
      `folder ${givenPath} is not empty and holds no run`,
    );
  }
  const status = readStatus(path);
  const state = status?.state === "finished" ? `a finished run (${status.end_reason})` : "a run";
  const problem = `already holds ${state}: resume it or name another folder`;
  throw new RunFolderError(givenPath, "holds_run", `folder ${givenPath} ${problem}`);
}

function requireRun(path: string, givenPath: string): void {
  const refuse = (reason: "missing" | "no_run", problem: string, options?: ErrorOptions) =>
    new RunFolderError(givenPath, reason, `cannot resume ${givenPath}: ${problem}`, options);
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (!(error instanceof NotFound || error instanceof NotADirectory)) throw error;
    throw refuse("missing", "there is no such folder", { cause: error });
  }
  if (!info.isDirectory || !holdsRun(path)) {
    throw refuse("no_run", "it holds no run (no config.json)");
  }
}
