/** The one place that turns an error into a line on standard error and an exit code. */
import { errorLine } from "../config/error_line.ts";
import { UsageError } from "../config/usage_error.ts";
import { CodeError } from "../core/code_error.ts";
import { userPlace } from "../core/code_place.ts";
import { exitCodes } from "../core/training/exit_codes.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { RunFolderError } from "../store/files/run_folder_error.ts";

/** Errors that the user can mend: in a command line, a config, a file, a folder, or code. */
const userErrors = [UsageError, DamagedFileError, RunFolderError, CodeError];

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
 * @returns that code; 2 for an error that the user can mend, 1 for any other. What code of a user's own throws,
 * or makes the library throw, is for the user to mend: its line is told.
 */
export async function withErrorLine(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    console.error(`error: ${errorLine(error)}`);
    const isUsers = userPlace(error) !== undefined || isUserError(error);
    return isUsers ? exitCodes.usage : exitCodes.failure;
  }
}
