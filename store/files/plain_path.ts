/**
 * Looks at a path without following a link in its last part. Whoever can write into a run folder could
 * put a link, a pipe or a device in the place of a file: a link redirects what is read and written, an
 * open pipe waits for ever, a device has no end.
 */
import { RunFolderError } from "./run_folder_error.ts";

/** What lies at a path that is a file; null: nothing. @throws RunFolderError for anything else. */
export const plainFile = (path: string): Deno.FileInfo | null => plain(path, "file");

/** What lies at a path that is a folder; null: nothing. @throws RunFolderError for anything else. */
export const plainFolder = (path: string): Deno.FileInfo | null => plain(path, "folder");

/** What a path is, in words. */
export function kindOf(info: Deno.FileInfo): string {
  if (info.isSymlink) return "a symbolic link";
  if (info.isDirectory) return "a folder";
  if (info.isFile) return "a file";
  if (info.isFifo) return "a named pipe";
  if (info.isSocket) return "a socket";
  return "a device";
}

function plain(path: string, expected: "file" | "folder"): Deno.FileInfo | null {
  let info: Deno.FileInfo;
  try {
    info = Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  if (expected === "file" ? info.isFile : info.isDirectory) return info;
  throw new RunFolderError(
    path,
    "not_plain",
    `${path} is ${kindOf(info)}, expected a plain ${expected}`,
  );
}
