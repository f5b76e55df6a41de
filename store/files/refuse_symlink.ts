import { RunFolderError } from "./run_folder_error.ts";

/**
 * Refuses a path that is a symbolic link. Deno's permission to write a folder follows links in it to the
 * outside, so a shared run folder could redirect writes.
 *
 * @returns what lies at the path; null if there is nothing.
 * @throws RunFolderError if the path is a symbolic link.
 */
export function refuseSymlink(path: string): Deno.FileInfo | null {
  let info: Deno.FileInfo;
  try {
    info = Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  if (info.isSymlink) {
    const problem = "is a symbolic link, expected a plain file or folder";
    throw new RunFolderError(path, "link", `${path} ${problem}`);
  }
  return info;
}
