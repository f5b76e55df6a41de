/** The one place where an error becomes a line on standard error and an exit code. */
import { errorLine } from "../config/error_line.ts";
import { UsageError } from "../config/usage_error.ts";
import { exitCodes } from "../core/training/exit_codes.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { RunFolderError } from "../store/files/run_folder_error.ts";

/** What the user can change: a command line, a config, a file or a folder. */
const usersErrors = [UsageError, DamagedFileError, RunFolderError];

/**
 * Does some work; what it throws is told in a line.
 *
 * @param work gives an exit code.
 * @returns that code; 2 for what the user can change, 1 for what failed.
 */
export async function withErrorLine(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    console.error(`error: ${errorLine(error)}`);
    return usersErrors.some((type) => error instanceof type) ? exitCodes.usage : exitCodes.failure;
  }
}
