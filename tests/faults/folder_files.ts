/** The files of a folder, as bytes by path, and how to put them back. */
import { dirname, join } from "node:path";

export type Bytes = Uint8Array<ArrayBuffer>;
export type Files = ReadonlyMap<string, Bytes>;

export function filesOf(folder: string, below = ""): Map<string, Bytes> {
  const files = new Map<string, Bytes>();
  for (const { name, isDirectory, isFile } of Deno.readDirSync(join(folder, below))) {
    const path = join(below, name);
    if (isFile) files.set(path, Deno.readFileSync(join(folder, path)));
    if (!isDirectory) continue;
    for (const [inner, bytes] of filesOf(folder, path)) files.set(inner, bytes);
  }
  return files;
}

export function writeFiles(folder: string, files: Files): void {
  Deno.mkdirSync(folder, { recursive: true });
  for (const [path, bytes] of files) {
    Deno.mkdirSync(dirname(join(folder, path)), { recursive: true });
    Deno.writeFileSync(join(folder, path), bytes);
  }
}

export const areEqual = (a: Bytes, b: Bytes): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

/** How a folder was changed; undefined if it was not. @param mayWrite paths that may differ. */
export function changeOf(before: Files, after: Files, mayWrite?: RegExp): string | undefined {
  for (const [path, bytes] of before) {
    if (mayWrite?.test(path)) continue;
    const now = after.get(path);
    if (!now) return `${path} is gone`;
    if (!areEqual(bytes, now)) return `${path} was changed`;
  }
  // The lock of a folder is made before anything in it is read.
  const added = [...after.keys()].find((path) =>
    !before.has(path) && path !== ".lock" && !mayWrite?.test(path)
  );
  return added === undefined ? undefined : `${added} was written`;
}
