/** Finds out before the work, and not after it, that its outcome could not be written. */
import { dirname, join } from "node:path";
import { UsageError } from "../config/usage_error.ts";

/**
 * @param paths of the files to be written; folders above them may be missing.
 * @throws UsageError for the first that could not be written.
 */
export function checkTargets(paths: readonly string[]): void {
  const folders = new Set<string>();
  for (const path of paths) {
    folders.add(existingFolder(path));
    const info = look(Deno.lstatSync, path);
    if (!info || info.isFile) continue;
    const kind = info.isSymlink ? "a symbolic link" : "a folder";
    throw new UsageError(`cannot write ${path}: it is ${kind}, expected a plain file`);
  }
  for (const folder of folders) requireWritable(folder);
}

/** The nearest folder above that is there. */
function existingFolder(path: string): string {
  const folder = dirname(path);
  const info = look(Deno.statSync, folder);
  if (!info) return existingFolder(folder);
  if (info.isDirectory) return folder;
  throw new UsageError(`cannot write ${path}: ${folder} is a file, expected a folder`);
}

/** Rights alone do not tell: the disk may be read-only. */
function requireWritable(folder: string): void {
  // Were it left behind, the next training in the folder would remove it.
  const name = `.tmp-${Deno.pid}-${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
  const path = join(folder, name);
  try {
    Deno.openSync(path, { write: true, createNew: true }).close();
    Deno.removeSync(path);
  } catch (error) {
    const reason = (error as Error).message;
    throw new UsageError(`cannot write into ${folder}: ${reason}`, { cause: error });
  }
}

/** undefined where there is nothing, also where a part of the path is a file. */
function look(stat: (path: string) => Deno.FileInfo, path: string): Deno.FileInfo | undefined {
  try {
    return stat(path);
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return undefined;
    throw error;
  }
}
