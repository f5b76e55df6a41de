/** Lets only one process work in a folder, or on a part of it: locks that the system frees however a process ends. */
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
  // Another process that asks whether it is free (`isRunLocked`) holds it for a moment.
  for (let attempt = 1; attempt <= 5; attempt++) {
    if (attempt > 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    const unlock = tryLock(join(folder, lockName));
    if (unlock) return unlock;
  }
  throw new RunFolderError(folder, "in_use", `run folder ${folder} is in use by another process`);
}

/**
 * Locks a lock file, which is made if it is missing, until the returned function is called or the process ends. It does
 * not wait.
 * @returns undefined when another process, or this one, holds the lock
 */
export function tryLock(path: string): (() => void) | undefined {
  const file = openForAppending(path);
  if (file.tryLockSync(true)) return () => file.close();
  file.close();
  return undefined;
}

/** Does something alone: waits until nobody else holds the lock of a file. */
export function withLock<T>(path: string, work: () => T): T {
  const file = openForAppending(path);
  try {
    file.lockSync(true);
    return work();
  } finally {
    file.close();
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
