/** A task, model or updater as a script gives it: a name, a file, or the entry itself. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Assignment } from "../config/assignment.ts";
import { loadOwnEntry } from "../config/build/load_own_entries.ts";
import { isEntry, makers } from "../config/build/import_entry.ts";
import {
  type Entries,
  type EntrySection,
  entrySections,
  isFileName,
  type OwnEntries,
  type OwnEntry,
  tablesOnly,
} from "../config/catalogue.ts";
import { quote } from "../config/plain_text.ts";
import { UsageError } from "../config/usage_error.ts";

/** What a script may give for each section. */
export type EntryChoices = { readonly [K in EntrySection]?: string | URL | Entries[K] | undefined };

/** What the choices of a script come to. */
export interface ChosenEntries {
  /** Those that are of no table. */
  readonly own: OwnEntries;
  /** The name of each section that is given. */
  readonly names: readonly Assignment[];
}

/**
 * Finds what a script chose, and runs the files that it names.
 *
 * @throws UsageError, in one line, if something is no entry of its section.
 */
export async function chosenEntries(choices: EntryChoices): Promise<ChosenEntries> {
  const chosen = await Promise.all(entrySections.map(async (section) => {
    const choice = choices[section];
    return choice === undefined ? [] : [[section, await chosenEntry(section, choice)] as const];
  }));
  const entries = chosen.flat();
  return {
    own: Object.fromEntries(
      entries.flatMap(([section, entry]) => typeof entry === "string" ? [] : [[section, entry]]),
    ),
    names: entries.map(([section, entry]) => ({
      section,
      key: "name",
      value: typeof entry === "string" ? entry : entry.name,
      isText: false,
      origin: section,
    })),
  };
}

/** An entry of one's own, or a name in the table. */
async function chosenEntry<K extends EntrySection>(
  section: K,
  choice: string | URL | Entries[K],
): Promise<string | OwnEntry<K>> {
  if (choice instanceof URL) return await loadOwnEntry(section, pathOf(section, choice));
  if (typeof choice === "string") {
    return isFileName(choice) ? await loadOwnEntry(section, choice) : choice;
  }
  if (!isEntry[section](choice)) {
    throw new UsageError(
      `${section}: expected a name, a file, or what ${makers[section]} returns, got ${
        quote(choice)
      }`,
    );
  }
  const { name } = choice;
  const isOfTable = tablesOnly.get(section, name) === choice;
  return isOfTable ? name : { name, entry: choice };
}

/** The path of a file, as one would type it. @throws UsageError if it lies elsewhere. */
function pathOf(section: EntrySection, url: URL): string {
  if (url.protocol !== "file:") {
    throw new UsageError(`${section}: expected a file of this machine, got ${url}`);
  }
  const path = fileURLToPath(url);
  const short = relative(Deno.cwd(), path);
  return short.startsWith("..") ? path : short;
}
