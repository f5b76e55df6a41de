/** Checks before long work that its results can be written after it. */
import { dirname, resolve } from "node:path";
import { kindOf } from "./files/plain_path.ts";
import { makeTemporary } from "./files/temporary_file.ts";
import { UsageError } from "../config/usage_error.ts";

/**
 * Checks that files can be written, without touching what is there.
 *
 * @param root of the run; what lies below it may be no link.
 * @param paths of the files in it; folders between may be missing.
 * @throws UsageError for the first file that cannot be written.
 */
export function checkTargets(root: string, paths: readonly string[]): void {
  const folders = new Set<string>();
  for (const path of paths) {
    folders.add(existingFolder(resolve(path), root));
    const info = infoOf(Deno.lstatSync, path);
    if (!info || info.isFile) continue;
    throw new UsageError(`cannot write ${path}: it is ${kindOf(info)}, expected a plain file`);
  }
  for (const folder of folders) requireWritable(folder);
}

/** The nearest folder above a path that exists. */
function existingFolder(path: string, root: string): string {
  const folder = dirname(path);
  const isInside = folder.length > resolve(root).length;
  const info = infoOf(isInside ? Deno.lstatSync : Deno.statSync, folder);
  if (!info) return existingFolder(folder, root);
  if (info.isDirectory) return folder;
  throw new UsageError(`cannot write ${path}: ${folder} is ${kindOf(info)}, expected a folder`);
}

/** Creates a file and removes it: permission bits do not show that a disk is read-only. */
function requireWritable(folder: string): void {
  try {
    const { path, file } = makeTemporary(folder);
    try {
      Deno.removeSync(path);
    } finally {
      file.close();
    }
  } catch (error) {
    const reason = (error as Error).message;
    throw new UsageError(`cannot write into ${folder}: ${reason}`, { cause: error });
  }
}

/** Undefined if nothing is at the path, also if a part of the path is a file. */
function infoOf(stat: (path: string) => Deno.FileInfo, path: string): Deno.FileInfo | undefined {
  try {
    return stat(path);
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return undefined;
    throw error;
  }
}
