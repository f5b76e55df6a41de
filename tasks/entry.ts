/**
 * What the table of tasks holds, and looking an entry up by name.
 */
import type { z } from "zod";
import type { Task } from "../core/training/task.ts";

export interface TaskEntry {
  readonly name: string;
  /** Other names that mean the same task, published ones among them. */
  readonly aliases: readonly string[];
  readonly summary: string;
  /** The settings of the task, each with a description and a default. */
  readonly config: z.ZodObject;
  /** Settings that only say for how long to train; a run may be continued with others. */
  readonly lengths: readonly string[];
  /**
   * Makes the task; missing settings take defaults.
   *
   * @throws TypeError on a setting that is refused, SettingError on one that does not fit another.
   */
  build(config?: Readonly<Record<string, unknown>>): Task;
}

interface TaskDefinition<S extends z.ZodObject> {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly config: S;
  readonly lengths?: readonly (string & keyof z.output<S>)[];
  build(config: z.output<S>): Task;
}

/** Makes a table entry whose `build` checks its settings against the schema first. */
export function defineTask<S extends z.ZodObject>(
  { build, lengths = [], ...facts }: TaskDefinition<S>,
): TaskEntry {
  return {
    ...facts,
    lengths,
    build(config = {}) {
      const parsed = facts.config.safeParse(config);
      if (parsed.success) return build(parsed.data);
      const problems = parsed.error.issues.map(({ path, message }) =>
        path.length > 0 ? `${path.join(".")}: ${message}` : message
      );
      throw new TypeError(`Task ${facts.name}: ${problems.join("; ")}`);
    },
  };
}

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

/** The entry with a name or alias. RangeError names the nearest one and lists them all. */
export function findEntry(
  table: Readonly<Record<string, TaskEntry>>,
  name: string,
): TaskEntry {
  const entries = Object.values(table);
  const found = entries.find((entry) => entry.name === name || entry.aliases.includes(name));
  if (found) return found;
  const ranked = entries.flatMap((entry) => [entry.name, ...entry.aliases])
    .map((known) => ({ known, distance: editDistance(name.toLowerCase(), known) }))
    .sort((a, b) => a.distance - b.distance);
  const nearest = ranked[0];
  const isClose = nearest && nearest.distance <= nearest.known.length / 2;
  const hint = isClose ? ` (did you mean ${nearest.known}?)` : "";
  const list = entries.map((entry) => entry.name).join(", ");
  throw new RangeError(`No task is named ${JSON.stringify(name)}${hint}; tasks are ${list}`);
}
