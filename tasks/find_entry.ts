/** Looks a task up by a name that somebody typed. */
import type { TaskEntry } from "./entry.ts";
import { membersOf } from "./numbered_task.ts";

/** Least number of inserted, removed or replaced characters that turn one word into the other. */
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
 * The entry with a name or alias; a number in front of the name of a family takes that one of it.
 *
 * @throws RangeError that names the nearest name and lists all entries.
 */
export function findEntry(
  table: Readonly<Record<string, TaskEntry>>,
  name: string,
): TaskEntry {
  const members = Object.values(table).flatMap(membersOf);
  const found = members.find((entry) => entry.name === name || entry.aliases.includes(name));
  if (found) return found;
  const ranked = members.flatMap((entry) => [entry.name, ...entry.aliases])
    .map((known) => ({ known, distance: editDistance(name.toLowerCase(), known) }))
    .sort((a, b) => a.distance - b.distance);
  const nearest = ranked[0];
  const isClose = nearest && nearest.distance <= nearest.known.length / 2;
  const hint = isClose ? ` (did you mean ${nearest.known}?)` : "";
  const list = Object.values(table).map(({ name, label }) => label ?? name).join(", ");
  throw new RangeError(`No task is named ${JSON.stringify(name)}${hint}; tasks are ${list}`);
}
