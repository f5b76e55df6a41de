/** Finds the entry of a task by a name that somebody typed. */
import type { TaskEntry } from "./entry.ts";
import { memberNamed, namesLike } from "./numbered_task.ts";

/** Longer words are no slip of the keyboard, and a distance takes the time of the product of lengths. */
const longestWord = 100;

/** Least number of inserted, removed or replaced characters that turn one word into the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = row[j]! + Number(from[i] !== to[j]);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}

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
    .map((word) => ({ word, distance: editDistance(name.toLowerCase(), word) }))
    .sort((a, b) => a.distance - b.distance);
  const nearest = ranked[0];
  const isClose = nearest && nearest.distance <= nearest.word.length / 2;
  const hint = isClose ? ` (did you mean ${nearest.word}?)` : "";
  const list = entries.map(({ name, label }) => label ?? name).join(", ");
  throw new RangeError(`No task is named ${JSON.stringify(name)}${hint}; tasks are ${list}`);
}
