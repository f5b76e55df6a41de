/** Readers of plain text. */
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { decodeText } from "../config/decode_text.ts";
import { type DataPath, readTextFile, sourceOf } from "./data_file.ts";
import { withoutReturn } from "../formats/file_lines.ts";
import { linesOf } from "./lines.ts";

/** A longer text would not fit into one string. */
const mostTextBytes = 480 * 1024 ** 2;

/**
 * The text of a file in UTF-8, without a byte order mark; a file of gzip is unpacked.
 *
 * @throws DamagedFileError, one line that names the file: there is none, it is over 480 MB, or not UTF-8.
 * @example
 * const text = readText(new URL("book.txt", import.meta.url));
 * const alphabet = [...countValues(text).keys()].sort().join("");
 */
export function readText(path: DataPath): string {
  const bytes = readTextFile(path);
  const source = sourceOf(path);
  if (bytes.length > mostTextBytes) {
    throw new DamagedFileError(source, "is over 480 MB; readLines reads longer texts");
  }
  try {
    return decodeText(bytes);
  } catch (error) {
    throw new DamagedFileError(source, (error as Error).message, { cause: error });
  }
}

/**
 * The lines of a file in UTF-8, one after another, without their ends (LF or CR LF); a file of gzip is unpacked.
 * At most 2 GB.
 *
 * @throws DamagedFileError, one line that names the file, and the line that is not UTF-8.
 * @example
 * const words = new Set<string>();
 * for (const line of readLines("words.txt.gz")) words.add(line.trim());
 */
export function* readLines(path: DataPath): Generator<string> {
  for (const line of linesOf(readTextFile(path), sourceOf(path))) yield withoutReturn(line);
}
