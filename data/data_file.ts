/** The files of data that a user names: their bytes, within a bound, and their names in errors. */
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { readUserFile } from "../config/read_user_file.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";

/**
 * Where a file of data is. A text is a path from the current folder, a URL one from anywhere: beside a task's
 * own file it is `new URL("data.csv", import.meta.url)`.
 */
export type DataPath = string | URL;

/** Most bytes of a file of data, packed or unpacked: 2 GB. */
export const mostDataBytes = 2 * 1024 ** 3;

/** What errors call a file. */
export const sourceOf = (path: DataPath): string =>
  path instanceof URL && path.protocol === "file:" ? fileURLToPath(path) : String(path);

/**
 * The bytes of a file. Links are followed; pipes and devices are not opened.
 *
 * @throws DamagedFileError if there is no such file, or a longer one than `mostDataBytes`.
 */
export function readDataFile(path: DataPath): Uint8Array<ArrayBuffer> {
  try {
    return readUserFile(path, mostDataBytes);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DamagedFileError(sourceOf(path), error.message, { cause: error });
  }
}

/** The bytes of a file of text, unpacked if it is one of gzip. @throws as `readDataFile`. */
export function readTextFile(path: DataPath): Uint8Array {
  const bytes = readDataFile(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: mostDataBytes });
  } catch (error) {
    const { message } = error as Error;
    throw new DamagedFileError(sourceOf(path), `cannot be unpacked by gzip: ${message}`, {
      cause: error,
    });
  }
}
