/** JSON files of a run folder: indented, replaced atomically, and named in errors. */
import { parseJson } from "../../config/parse_json.ts";
import { writeFileAtomic } from "./atomic_file.ts";
import { DamagedFileError } from "./damaged_file_error.ts";
import { readBytes, sizeLimits } from "./open_file.ts";

/**
 * Writes a value as indented JSON.
 * @throws TypeError when a number is not finite: JSON would turn it into null in silence
 */
export function writeJsonFile(path: string, value: unknown): void {
  const finite = (key: string, x: unknown) => {
    if (typeof x === "number" && !Number.isFinite(x)) {
      throw new TypeError(`cannot write ${path}: ${key} is ${x}, JSON has only finite numbers`);
    }
    return x;
  };
  writeFileAtomic(path, JSON.stringify(value, finite, 2) + "\n");
}

/**
 * Reads a JSON object.
 * @throws Deno.errors.NotFound when the file is missing
 * @throws RunFolderError when it is no plain file
 * @throws DamagedFileError when it is not a JSON object, or too long
 */
export function readJsonFile(
  path: string,
  { limit = sizeLimits.text }: { limit?: number } = {},
): Record<string, unknown> {
  const bytes = readBytes(path, limit);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DamagedFileError(path, "is not valid JSON: it is not UTF-8", { cause: error });
  }
  return parseJsonObject(text, path);
}

/** The object of a JSON text. @throws DamagedFileError that names the source. */
export function parseJsonObject(text: string, source: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new DamagedFileError(source, `is not valid JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new DamagedFileError(source, "is not a JSON object");
  }
  // `JSON.parse` makes an infinity of 1e400, which could be read but not written again.
  if (mayOverflow.test(text) && holdsInfinity(value)) {
    throw new DamagedFileError(source, "holds a number beyond float64");
  }
  return value as Record<string, unknown>;
}

const mayOverflow = /[eE]\+?0*\d{3}|\d{300}/;

const holdsInfinity = (value: unknown): boolean =>
  typeof value === "object" && value !== null
    ? Object.values(value).some(holdsInfinity)
    : value === Infinity || value === -Infinity;
