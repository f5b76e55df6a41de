/** Tells whether code has changed: a hash over a file and the files of its author that it imports. */
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readUserFile } from "../read_user_file.ts";
import { UsageError } from "../usage_error.ts";
import { type OwnNames, ownNames } from "./own_names.ts";

/** Specifiers of static and dynamic imports, and of exports from elsewhere. */
const anyImport = /(?:\bfrom|\bimport)\s*\(?\s*(["'])([^"'\n]+)\1/g;

const mostBytes = 16 * 2 ** 20;

/** Code that uses this library is no other code when the library changes. */
const door = import.meta.resolve("../../mod.ts");

/**
 * SHA-256, in hexadecimal digits, over a file and all that it imports by a path, or by a name that the
 * deno.json beside it gives to a path. A comment that looks like an import is followed too, which does no harm.
 *
 * @throws UsageError if the file itself, or that deno.json, cannot be read.
 */
export async function hashCode(path: string): Promise<string> {
  const texts = new Map<string, string>();
  let root: string;
  let names: OwnNames | undefined;
  try {
    root = await readCode(path);
    names = ownNames(resolve(path));
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`, { cause: error });
  }
  await collect(pathToFileURL(resolve(path)).href, { names, texts });
  // By content alone, so that code that is moved as a whole stays the same code.
  const hashes = await Promise.all([...texts.values()].map(sha256));
  return await sha256([await sha256(root), ...hashes.sort()].join("\n"));
}

const readCode = async (path: string): Promise<string> =>
  new TextDecoder().decode(await readUserFile(path, mostBytes));

/** Adds the texts of a file and of all files that it imports, by address. */
async function collect(
  url: string,
  { names, texts }: { names: OwnNames | undefined; texts: Map<string, string> },
): Promise<void> {
  if (texts.has(url) || url === door) return;
  let text: string;
  try {
    text = await readCode(fileURLToPath(url));
  } catch {
    // The import itself reports it.
    return;
  }
  texts.set(url, text);
  for (const [, , specifier] of text.matchAll(anyImport)) {
    const target = names?.(specifier!) ?? specifier!;
    if (/^\.{0,2}\/|^file:/.test(target)) {
      await collect(new URL(target, url).href, { names, texts });
    } else if (target !== specifier) {
      // Another version of a package is other code.
      texts.set(target, target);
    }
  }
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
