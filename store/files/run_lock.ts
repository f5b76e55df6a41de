/** Lets only one process work in a run folder: a lock that the system frees however the process ends. */
import { join } from "node:path";
import { openForAppending } from "./open_file.ts";
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
  const isFree = file.tryLockSync(true);
  if (!isFree) {
    file.close();
    throw new RunFolderError(
      folder,
      "in_use",
      `run folder ${folder} is in use by another process`,
    );
  }
  return () => file.close();
}
