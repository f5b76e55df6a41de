/** Folders inside the folder of a run or an experiment: entered only where they are no links. */
import { dirname, join } from "node:path";
import { syncFolder } from "./atomic_file.ts";
import { plainFolder } from "./plain_path.ts";
import { writing } from "./writing.ts";

/** What a folder holds; nothing if it is missing. @throws RunFolderError if it is no plain folder. */
export const entriesOf = (path: string): Deno.DirEntry[] =>
  plainFolder(path) === null ? [] : [...Deno.readDirSync(path)];

/**
 * Makes a folder below one that exists.
 *
 * @param names of the folder and those above it, outermost first.
 * @returns its path.
 * @throws RunFolderError where one of them is there and no plain folder.
 */
export function makeInnerFolder(root: string, names: readonly string[]): string {
  let path = root;
  for (const name of names) {
    path = join(path, name);
    if (plainFolder(path) !== null) continue;
    Deno.mkdirSync(path);
    writing(path, () => syncFolder(dirname(path)));
  }
  return path;
}
