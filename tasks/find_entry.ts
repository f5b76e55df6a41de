/** Finds the entry of a task by a name that somebody typed. */
import { editsBetween, longestWord } from "../core/similar_name.ts";
import type { TaskEntry } from "./entry.ts";
import { memberNamed, namesLike } from "./numbered_task.ts";

/**
 * The entry with a name or alias. Numbers before or after the name of a family choose a member of it.
 *
 * @throws RangeError that names the nearest name and lists all entries.
 */
export function findEntry(
  table: Readonly<Record<string, TaskEntry>>,
  name: string,
): TaskEntry {
  const entries = Object.values(table);
  for (const entry of entries) {
    if (entry.name === name || entry.aliases.includes(name)) return entry;
    const member = memberNamed(entry, name);
    if (member) return member;
  }
  const words = name.length > longestWord
    ? []
    : entries.flatMap((entry) => [entry.name, ...entry.aliases, ...namesLike(entry, name)]);
  const ranked = words
    .map((word) => ({ word, distance: editsBetween(name.toLowerCase(), word) }))
    .sort((a, b) => a.distance - b.distance);
  const nearest = ranked[0];
  const isClose = nearest && nearest.distance <= nearest.word.length / 2;
  const hint = isClose ? ` (did you mean ${nearest.word}?)` : "";
  const list = entries.map(({ name, label }) => label ?? name).join(", ");
  throw new RangeError(`No task is named ${JSON.stringify(name)}${hint}; tasks are ${list}`);
}
