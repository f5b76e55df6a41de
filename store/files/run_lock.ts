/** Lets only one process work in a run folder: a lock that the system frees however the process ends. */
import { join } from "node:path";
import { openExisting, openForAppending } from "./open_file.ts";
import { RunFolderError } from "./run_folder_error.ts";

/** The lock file. It is never removed, or two processes could lock two files of this name. */
export const lockName = ".lock";

/**
 * Locks a run folder until the returned function is called or the process ends.
 * @throws RunFolderError when another process, or this one, holds the lock
 */
export function lockRunFolder(folder: string): () => void {
  const path = join(folder, lockName);
  const file = openForAppending(path);
  if (!takesLock(file)) {
    file.close();
    throw new RunFolderError(
      folder,
      "in_use",
      `run folder ${folder} is in use by another process`,
    );
  }
  return () => file.close();
}

/**
 * Takes the lock of a file. Another process that asks whether it is free (`isRunLocked`) holds it for a moment,
 * so it is tried more than once.
 */
function takesLock(file: Deno.FsFile): boolean {
  for (let attempt = 1;; attempt++) {
    if (file.tryLockSync(true)) return true;
    if (attempt === 5) return false;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

/** Whether a process works in a run folder. What cannot be asked counts as locked. */
export function isRunLocked(folder: string): boolean {
  try {
    const opened = openExisting(join(folder, lockName), { read: true });
    if (!opened) return false;
    try {
      return !opened.file.tryLockSync(false);
    } finally {
      opened.file.close();
    }
  } catch {
    return true;
  }
}
