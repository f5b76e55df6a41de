/** Loads models, tasks and updaters from files, to stand where the name of a table could. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { withPlace } from "../../core/code_error.ts";
import { userPlace } from "../../core/code_place.ts";
import { z } from "../../deps/zod.ts";
import { plainText, quote } from "../plain_text.ts";
import { type EntrySection, entrySections, type OwnEntries, type OwnEntry } from "../catalogue.ts";
import { messageOf } from "../error_line.ts";
import { UsageError } from "../usage_error.ts";
import { hashCode } from "./hash_code.ts";
import { importEntry } from "./import_entry.ts";

/** Files of entries, by section. */
export type EntryFiles = { readonly [K in EntrySection]?: string };

/**
 * Runs files and takes an entry from each: its default export, or the only export of the kind.
 *
 * @param files paths, as they were typed; they become the names of the entries.
 * @throws UsageError, in one line, if a file cannot be read or run, or exports no such entry, or several.
 *
 * @example
 * const own = await loadOwnEntries({ model: "own/hebbff.ts" });
 * resolveConfig(assignments, { catalogue: new Catalogue(own) });
 */
export async function loadOwnEntries(files: EntryFiles): Promise<OwnEntries> {
  const loaded = await Promise.all(entrySections.map(async (section) => {
    const path = files[section];
    if (path === undefined) return [];
    const own = await loadOwnEntry(section, path);
    if (own.entry.config instanceof z.ZodObject) return [[section, own] as const];
    throw new UsageError(
      `${path}: its config is no zod object, expected z.strictObject({ ... }): its keys become options`,
    );
  }));
  return Object.fromEntries(loaded.flat());
}

/** The entry of one file. @throws UsageError */
export async function loadOwnEntry<K extends EntrySection>(
  section: K,
  path: string,
): Promise<OwnEntry<K>> {
  const hash = await hashCode(path);
  const url = pathToFileURL(resolve(path)).href;
  try {
    return { name: path, entry: await importEntry(section, url), hash, url };
  } catch (error) {
    throw new UsageError(`${path}: ${importProblem(error, url)}`, { cause: error });
  }
}

/** Why a file could not be run, in one line: the message, and the place in it or in a file that it imports. */
function importProblem(error: unknown, url: string): string {
  if (!(error instanceof Error)) return `it throws ${quote(error)}`;
  // What follows the first line is advice, and the place again.
  const message = plainText(messageOf(error).split("\n", 1)[0]!);
  const [, name] = /Import "([^"]+)" not a dependency/.exec(message) ?? [];
  if (name !== undefined) {
    return `it imports "${name}", a name that nobody gives; write "npm:${name}" for a package of npm, ` +
      'or name it in the "imports" of a deno.json beside the file';
  }
  return message.includes(url) ? message : withPlace(message, userPlace(error) ?? place(error));
}

/** The place of an error in a file that could not be read as code, which its message tells. */
function place({ message }: Error): string | undefined {
  const [, file, row, column] = /file:\/\/([^\s()"]+?):(\d+):(\d+)/.exec(message) ?? [];
  return file && `${decodeURI(file).split("/").slice(-2).join("/")}:${row}:${column}`;
}
