/** Tells whether code has changed: a hash over a file and the files beside it that it imports or reads. */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readUserFile } from "../read_user_file.ts";
import { UsageError } from "../usage_error.ts";

/** Specifiers of static and dynamic imports, and of exports from elsewhere, that begin with a dot. */
const relativeImport = /(?:\bfrom|\bimport)\s*\(?\s*(["'])(\.[^"'\n]*)\1/g;

/** Files that code reads from beside itself: a table of data is part of a task. */
const besideItself = /\bnew\s+URL\s*\(\s*(["'])([^"'\n]+)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g;

/** Longer files are left out; data may be long. */
const mostBytes = 16 * 2 ** 20;

/** Code that uses this library is no other code when the library changes. */
const door = fileURLToPath(import.meta.resolve("../../mod.ts"));

/**
 * SHA-256, in hexadecimal digits, over a file, everything that it imports by a relative path, and files of up to
 * 16 MB that it names by `new URL("data.csv", import.meta.url)`. A comment that looks so is followed too, which
 * does no harm.
 *
 * @throws UsageError if the file itself cannot be read.
 */
export async function hashCode(path: string): Promise<string> {
  const texts = new Map<string, string>();
  let root: string;
  try {
    root = readCode(path);
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`, { cause: error });
  }
  collect(resolve(path), texts);
  // By content alone, so that code that is moved as a whole stays the same code.
  const hashes = await Promise.all([...texts.values()].map(sha256));
  return await sha256([await sha256(root), ...hashes.sort()].join("\n"));
}

const readCode = (path: string): string => new TextDecoder().decode(readUserFile(path, mostBytes));

function collect(path: string, texts: Map<string, string>): void {
  if (texts.has(path) || path === door) return;
  let text: string;
  try {
    text = readCode(path);
  } catch {
    // The import itself reports it.
    return;
  }
  texts.set(path, text);
  for (const pattern of [relativeImport, besideItself]) {
    for (const [, , specifier] of text.matchAll(pattern)) {
      collect(resolve(dirname(path), specifier!), texts);
    }
  }
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
