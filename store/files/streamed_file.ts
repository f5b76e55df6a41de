/** Writes a long file piece by piece; it takes its place only when it is whole. */
import { dirname } from "node:path";
import { syncFolder } from "./atomic_file.ts";
import { plainFile } from "./plain_path.ts";
import { makeTemporary, removeStaleFiles } from "./temporary_file.ts";
import { writeAll } from "./write_all.ts";
import { writing } from "./writing.ts";

/**
 * Replaces a file by what `write` gives to its argument. After an error the old file is intact.
 *
 * @throws as `writing`, and what `write` throws.
 */
export function writeStreamedFile(
  path: string,
  write: (append: (bytes: Uint8Array) => void) => void,
): void {
  const folder = dirname(path);
  plainFile(path);
  removeStaleFiles(folder);
  const { path: temporary, file } = writing(path, () => makeTemporary(folder));
  try {
    write((bytes) => writing(path, () => writeAll(file, bytes)));
    writing(path, () => {
      file.syncSync();
      Deno.renameSync(temporary, path);
    });
  } catch (error) {
    try {
      Deno.removeSync(temporary);
    } catch {
      // The first error is the one to report.
    }
    throw error;
  } finally {
    file.close();
  }
  writing(path, () => syncFolder(folder));
}
