/** Runs a file of one's own, and finds the model, task or updater that it exports. */
import type { Entries, EntrySection } from "../catalogue.ts";
import { importWithOwnNames } from "./own_names.ts";

type Exports = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** What tells the entries of a section from other values. */
export const isEntry: { readonly [K in EntrySection]: (value: unknown) => value is Entries[K] } = {
  task: (value): value is Entries["task"] =>
    isObject(value) && "build" in value && "lengths" in value,
  model: (value): value is Entries["model"] =>
    isObject(value) && "instantiate" in value && "fromTask" in value,
  updater: (value): value is Entries["updater"] =>
    isObject(value) && "build" in value && "actsOn" in value,
};

/** The function that makes an entry of a section. */
export const makers: Readonly<Record<EntrySection, string>> = {
  task: "defineTask",
  model: "defineModel",
  updater: "defineUpdater",
};

/**
 * Runs a file, and takes the entry of a section from it.
 *
 * @throws what the file throws, or SyntaxError if it exports no such entry, or several.
 */
export async function importEntry<K extends EntrySection>(
  section: K,
  url: string,
): Promise<Entries[K]> {
  return onlyEntry(section, await importWithOwnNames(url));
}

/** The default export of a file, or else its only entry of a section. @throws SyntaxError */
function onlyEntry<K extends EntrySection>(section: K, exports: Exports): Entries[K] {
  const isOfSection = isEntry[section];
  if (isOfSection(exports.default)) return exports.default;
  const [entry, ...others] = new Set(Object.values(exports).filter(isOfSection));
  if (entry && others.length === 0) return entry;
  throw new SyntaxError(
    entry
      ? `it exports several ${section}s, expected one of them as default export`
      : `it exports no ${section}, expected what ${makers[section]} returns`,
  );
}
