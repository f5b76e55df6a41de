/** The one place that turns an error into a line on standard error and an exit code. */
import { errorLine } from "../config/error_line.ts";
import { UsageError } from "../config/usage_error.ts";
import { exitCodes } from "../core/training/exit_codes.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { RunFolderError } from "../store/files/run_folder_error.ts";

/** Errors that the user can mend: in a command line, a config, a file or a folder. */
const userErrors = [UsageError, DamagedFileError, RunFolderError];

/** What the system says of a path that cannot be used. Its message names the path. */
const pathProblems = new Set<unknown>(
  ["EACCES", "EINVAL", "EISDIR", "ELOOP", "ENAMETOOLONG", "ENOTDIR", "EPERM", "EROFS"],
);

const isUserError = (error: unknown): boolean =>
  userErrors.some((type) => error instanceof type) ||
  error instanceof Error && "code" in error && pathProblems.has(error.code);

/**
 * Does some work, and prints what it throws in one line.
 *
 * @param work returns an exit code.
 * @returns that code; 2 for an error that the user can mend, 1 for any other.
 */
export async function withErrorLine(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    console.error(`error: ${errorLine(error)}`);
    return isUserError(error) ? exitCodes.usage : exitCodes.failure;
  }
}
