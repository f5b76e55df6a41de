/** Errors of writing that name the file: the system's own do not, where the file is open already. */
import { RunFolderError } from "./run_folder_error.ts";

/**
 * Does something that writes a file or folder.
 *
 * @throws RunFolderError where something else than a plain file is in the way; Error for anything else, with
 *   the system's error as cause. Both name the path.
 */
export function writing<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RunFolderError) {
      throw new RunFolderError(path, error.reason, `cannot write: ${error.message}`);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot write ${path}: ${reason}`, { cause: error });
  }
}
