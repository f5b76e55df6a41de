/**
 * Bare names in the imports of a file of one's own. A program has one import map, which is Hebb's; so the names
 * that the deno.json beside such a file gives are put into effect here, for this file and those that it imports.
 */
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { pathExists } from "../path_exists.ts";

/** What a name in an import stands for, as an address, such as `npm:yaml@2`; undefined if nothing says it. */
export type OwnNames = (name: string) => string | undefined;

/** This library, and the package of its schemas, are those that run, whatever a map says. */
const given = ["hebb", "zod"];
const root = fileURLToPath(new URL("../../", import.meta.url));

const isBare = (specifier: string): boolean => !/^(\.{0,2}\/|[a-z][a-z0-9+.-]*:)/i.test(specifier);

/**
 * The names that hold for a file: those of the nearest deno.json or deno.jsonc at or above it; undefined if
 * there are none.
 *
 * @throws SyntaxError if that file is no JSON, or its imports are no texts by name.
 */
export function ownNames(path: string): OwnNames | undefined {
  const configPath = nearestConfig(dirname(path));
  if (configPath === undefined || dirname(configPath) === join(root, ".")) return undefined;
  const map = readImports(configPath);
  if (Object.keys(map).length === 0) return undefined;
  const base = pathToFileURL(configPath);
  return (name) => {
    if (!isBare(name)) return undefined;
    const key = Object.keys(map).filter((key) => covers(key, name))
      .reduce((longest, key) => key.length > longest.length ? key : longest, "");
    if (key === "") return undefined;
    const target = map[key]! + name.slice(key.length);
    return /^\.{0,2}\//.test(target) ? new URL(target, base).href : target;
  };
}

/** Whether a key of an import map covers a name: `x` covers `x` and `x/y`, and `x/` covers `x/y`. */
const covers = (key: string, name: string): boolean =>
  key === name || name.startsWith(key.endsWith("/") ? key : `${key}/`);

const isGiven = (name: string): boolean => given.some((key) => covers(key, name));

function nearestConfig(folder: string): string | undefined {
  const found = ["deno.json", "deno.jsonc"].map((name) => join(folder, name)).find((path) =>
    pathExists(path)
  );
  const parent = dirname(folder);
  return found ?? (parent === folder ? undefined : nearestConfig(parent));
}

function readImports(path: string): Readonly<Record<string, string>> {
  const { imports = {} } = parseWithComments(path) as { readonly imports?: unknown };
  const isMap = typeof imports === "object" && imports !== null &&
    Object.values(imports).every((value) => typeof value === "string");
  if (!isMap) throw new SyntaxError(`${path}: imports: expected texts by name`);
  const entries = Object.entries(imports as Readonly<Record<string, string>>);
  return Object.fromEntries(entries.filter(([name]) => !given.includes(name)));
}

/** Deno takes comments and commas at the end in its settings. */
function parseWithComments(path: string): object {
  const text = Deno.readTextFileSync(path)
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, "$1")
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, "$1");
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    throw new SyntaxError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Imports a file with the names that hold for it.
 *
 * @throws what the file throws.
 */
export async function importWithOwnNames(url: string): Promise<Readonly<Record<string, unknown>>> {
  const names = ownNames(fileURLToPath(url));
  if (!names) return await import(url);
  // Packages have names of their own, so only files that were reached from the first one by paths and names count.
  const ownFiles = new Set([url]);
  // It loads slowly, and few files need it.
  const { registerHooks } = await import("node:module");
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (!ownFiles.has(context.parentURL ?? "")) return next(specifier, context);
      const target = names(specifier) ?? specifier;
      // With hooks Deno takes it for a file; these are its words without.
      if (isBare(target) && !isGiven(target)) {
        throw new TypeError(`Import "${target}" not a dependency`);
      }
      const resolved = next(target, context);
      if (/^\.{0,2}\/|^file:/.test(target)) ownFiles.add(resolved.url);
      return resolved;
    },
    // Without it Deno resolves the names before the hook is asked.
    load: (address, context, next) => next(address, context),
  });
  try {
    return await import(url);
  } finally {
    hooks.deregister();
  }
}
