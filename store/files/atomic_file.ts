/**
 * Replaces files as a whole. A reader sees the old content or the new one, never a part, even after a
 * kill or a power loss at any moment.
 */
import { dirname, join } from "node:path";
import { entriesOf } from "./inner_folder.ts";
import { plainFile } from "./plain_path.ts";
import { RunFolderError } from "./run_folder_error.ts";
import { writeAll } from "./write_all.ts";

/** Moments of a replacement, in order, at which a test may stop the process. */
export type WriteStage = "written" | "synced" | "renamed";

export interface AtomicWriteOptions {
  /** Checks the bytes, read back from the disk, before they replace the old file; throws to give up. */
  readonly verify?: (written: Uint8Array) => void;
  /** Called after each stage (fault injection in tests). */
  readonly afterStage?: (stage: WriteStage) => void;
}

/** Whether an entry of a folder has the name of a temporary file. */
export const isTemporary = ({ name, isFile }: Deno.DirEntry): boolean =>
  isFile && temporaryName.test(name);

const temporaryName = /^\.tmp-\d+-[0-9a-f]+$/;

/**
 * Writes a file atomically: temporary file beside it, fsync, rename, fsync of the folder.
 * After an error the old file is intact and the temporary file is removed.
 *
 * @throws RunFolderError where something else than a plain file is in the way; Error that names the path,
 *   with the system's error as cause.
 */
export function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  { verify, afterStage }: AtomicWriteOptions = {},
): void {
  const folder = dirname(path);
  const random = crypto.randomUUID().replaceAll("-", "").slice(0, 12);
  const temporary = join(folder, `.tmp-${Deno.pid}-${random}`);
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  try {
    plainFile(path);
    const file = Deno.openSync(temporary, { write: true, createNew: true });
    try {
      writeAll(file, bytes);
      afterStage?.("written");
      file.syncSync();
    } finally {
      file.close();
    }
    afterStage?.("synced");
    verify?.(Deno.readFileSync(temporary));
    Deno.renameSync(temporary, path);
    afterStage?.("renamed");
    syncFolder(folder);
  } catch (error) {
    removeQuietly(temporary);
    if (error instanceof RunFolderError) {
      throw new RunFolderError(path, error.reason, `cannot write: ${error.message}`);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot write ${path}: ${reason}`, { cause: error });
  }
}

/** Makes the names in a folder durable. On Windows, which cannot open folders, it does nothing. */
export function syncFolder(folder: string): void {
  if (Deno.build.os === "windows") return;
  const handle = Deno.openSync(folder, { read: true });
  try {
    handle.syncSync();
  } finally {
    handle.close();
  }
}

/**
 * Removes temporary files that killed processes left in a folder. Call it only under the lock of the
 * run: the file of a living writer looks the same.
 *
 * @returns the names of the removed files.
 */
export function removeStaleFiles(folder: string): string[] {
  const stale = entriesOf(folder).filter(isTemporary)
    .map(({ name }) => name);
  for (const name of stale) Deno.removeSync(join(folder, name));
  return stale;
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Already renamed or never created; the first error is the one to report.
  }
}
