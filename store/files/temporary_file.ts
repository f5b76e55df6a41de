/**
 * Temporary files, each beside the file that it will replace. Its writer holds a lock on it, which the
 * system frees however the process ends. So one without a lock was left by a killed process, and whoever
 * writes into the folder next may remove it.
 */
import { join } from "node:path";
import { openExisting } from "./open_file.ts";
import { plainFile } from "./plain_path.ts";

export interface TemporaryFile {
  readonly path: string;
  /** Open for reading and writing, empty. */
  readonly file: Deno.FsFile;
}

const temporaryName = /^\.tmp-\d+-[0-9a-f]+$/;

/** Whether an entry of a folder has the name of a temporary file. */
export const isTemporary = ({ name, isFile }: Deno.DirEntry): boolean =>
  isFile && temporaryName.test(name);

/** Makes a temporary file; the caller closes it, and removes or renames it before that. */
export function makeTemporary(folder: string): TemporaryFile {
  for (;;) {
    const random = crypto.randomUUID().replaceAll("-", "").slice(0, 12);
    const path = join(folder, `.tmp-${Deno.pid}-${random}`);
    const file = Deno.openSync(path, { read: true, write: true, createNew: true });
    // Before it had its lock, another process may have taken it for one that was left.
    if (file.tryLockSync(true) && plainFile(path) !== null) return { path, file };
    file.close();
  }
}

/**
 * Removes the temporary files of a folder that killed processes left; those of living writers stay. What
 * cannot be removed does no harm, so it stays without an error.
 *
 * @returns the names of the removed files.
 */
export function removeStaleFiles(folder: string): string[] {
  return entries(folder).filter(isTemporary).map(({ name }) => name)
    .filter((name) => removeIfStale(join(folder, name)));
}

function entries(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch {
    return [];
  }
}

function removeIfStale(path: string): boolean {
  try {
    // Some systems lock only what is open for writing.
    const opened = openExisting(path, { read: true, write: true });
    if (!opened) return false;
    try {
      if (!opened.file.tryLockSync(true)) return false;
      Deno.removeSync(path);
      return true;
    } finally {
      opened.file.close();
    }
  } catch {
    // Its writer may have renamed it, or another process removed it.
    return false;
  }
}
