import { join } from "node:path";

/** The paths of all files below a folder, from it, sorted. */
export const filesBelow = (folder: string): string[] =>
  [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(join(folder, name)).map((path) => join(name, path)) : [name]
  ).sort();
