import { UsageError } from "../../config/usage_error.ts";

/** @throws UsageError if there is no such folder. */
export function requireFolder(path: string): void {
  let isFolder: boolean;
  try {
    isFolder = Deno.statSync(path).isDirectory;
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (!(error instanceof NotFound || error instanceof NotADirectory)) throw error;
    throw new UsageError(`${path}: there is no such folder`, { cause: error });
  }
  if (!isFolder) throw new UsageError(`${path} is a file, expected a folder of runs`);
}
