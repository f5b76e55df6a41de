/** Tells whether code has changed: a hash over a file and the files of its author that it imports or reads. */
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readUserFile } from "../read_user_file.ts";
import { UsageError } from "../usage_error.ts";
import { type OwnNames, ownNames } from "./own_names.ts";

/** Specifiers of static and dynamic imports, and of exports from elsewhere. */
const anyImport = /(?:\bfrom|\bimport)\s*\(?\s*(["'])([^"'\n]+)\1/g;

/** Files that code reads from beside itself: a table of data is part of a task. */
const besideItself = /\bnew\s+URL\s*\(\s*(["'])([^"'\n]+)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g;

/** Longer files are left out; data may be long. */
const mostBytes = 16 * 2 ** 20;

/** Code that uses this library is no other code when the library changes. */
const door = import.meta.resolve("../../mod.ts");

/**
 * SHA-256, in hexadecimal digits, over a file, all that it imports by a path, or by a name that the deno.json
 * beside it gives to a path, and files of up to 16 MB that it names by `new URL("data.csv", import.meta.url)`.
 * A comment that looks so is followed too, which does no harm.
 *
 * @throws UsageError if the file itself, or that deno.json, cannot be read.
 */
export async function hashCode(path: string): Promise<string> {
  const texts = new Map<string, string>();
  let root: string;
  let names: OwnNames | undefined;
  try {
    root = readCode(path);
    names = ownNames(resolve(path));
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`, { cause: error });
  }
  collect(pathToFileURL(resolve(path)).href, { names, texts });
  // By content alone, so that code that is moved as a whole stays the same code.
  const hashes = await Promise.all([...texts.values()].map(sha256));
  return await sha256([await sha256(root), ...hashes.sort()].join("\n"));
}

const readCode = (path: string): string => new TextDecoder().decode(readUserFile(path, mostBytes));

/** Adds the texts of a file and of all files that it imports or reads, by address. */
function collect(
  url: string,
  { names, texts }: { names: OwnNames | undefined; texts: Map<string, string> },
): void {
  if (texts.has(url) || url === door) return;
  let text: string;
  try {
    text = readCode(fileURLToPath(url));
  } catch {
    // The import itself reports it.
    return;
  }
  texts.set(url, text);
  for (const [, , specifier] of text.matchAll(anyImport)) {
    const target = names?.(specifier!) ?? specifier!;
    if (/^\.{0,2}\/|^file:/.test(target)) collect(new URL(target, url).href, { names, texts });
    // Another version of a package is other code.
    else if (target !== specifier) texts.set(target, target);
  }
  for (const [, , path] of text.matchAll(besideItself)) {
    collect(new URL(path!, url).href, { names, texts });
  }
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
