/** Whether an error says that a file of a run cannot be used: damaged, or no plain file at all. */
import { DamagedFileError } from "./damaged_file_error.ts";
import { RunFolderError } from "./run_folder_error.ts";

export const isUnusableFile = (error: unknown): error is DamagedFileError | RunFolderError =>
  error instanceof DamagedFileError || error instanceof RunFolderError;
