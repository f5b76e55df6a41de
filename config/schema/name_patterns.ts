/** Regular expressions of the names that an entry goes by. */
import { basename } from "node:path";
import { type Entries, type EntrySection, isFileName } from "../catalogue.ts";

/**
 * Patterns of an entry's name, its aliases and the members of its family. The ranges of numbers are not in them. The
 * path of a file counts from wherever a config lies, so its last part has to do.
 *
 *     namePatterns("kv_unique", findTask("kv_unique"), []); // ["^kv_unique$", "^kv_unique(_\\d+){1}$"]
 */
export function namePatterns(
  name: string,
  entry: Entries[EntrySection],
  others: readonly string[],
): string[] {
  if (isFileName(name)) return [`(^|/)${escaped(basename(name))}$`];
  const aliases = "aliases" in entry ? entry.aliases : [];
  const patterns = [name, ...aliases, ...others].map((word) => `^${escaped(word)}$`);
  const family = "numbered" in entry ? entry.numbered : undefined;
  if (!family) return patterns;
  const count = `{${family.numbers.length}}`;
  const members = [name, ...family.aliases].map((word) =>
    family.place === "before"
      ? `^(\\d+_)${count}${escaped(word)}$`
      : `^${escaped(word)}(_\\d+)${count}$`
  );
  return [...patterns, ...members];
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
