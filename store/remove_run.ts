/** Removes the folder of a run, and nothing else. */
import { join } from "node:path";
import { RunFolderError } from "./files/run_folder_error.ts";
import { lockRunFolder } from "./files/run_lock.ts";
import { plainFile, plainFolder } from "./files/plain_path.ts";
import { findRuns } from "./index/find_runs.ts";

/**
 * Checks that a folder may be removed: it holds a run, no process trains it, and no other run lies in it.
 *
 * @returns a function that removes the folder, under the lock of the run until it is gone, and one that gives up.
 * @throws RunFolderError in one line if it may not.
 */
export function prepareRemoval(folder: string): { remove(): void; keep(): void } {
  const refuse = (reason: "no_run" | "not_empty", problem: string) =>
    new RunFolderError(folder, reason, `cannot remove ${folder}: ${problem}`);
  if (plainFolder(folder) === null || plainFile(join(folder, "config.json")) === null) {
    throw refuse("no_run", "it holds no run (no config.json)");
  }
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const [inner] = isDirectory ? findRuns(join(folder, name)) : [];
    if (inner) throw refuse("not_empty", `another run lies in it: ${inner.folder}`);
  }
  const unlock = lockRunFolder(folder);
  return {
    remove() {
      try {
        // Without its config a folder is no run: what a kill leaves is not taken for one.
        Deno.removeSync(join(folder, "config.json"));
        Deno.removeSync(folder, { recursive: true });
      } finally {
        unlock();
      }
    },
    keep: unlock,
  };
}
