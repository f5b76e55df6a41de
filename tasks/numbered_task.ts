/** Families of tasks that differ in a number, which their names begin with. */
import type { NumberedTasks, TaskEntry } from "./entry.ts";

/**
 * Makes the entry of a family, from the entry of each of its names. Without a number in front its
 * name stands for `fallback`.
 *
 * @example
 * numberedTask("count", { least: 1, most: 9, fallback: 3, aliases: [],
 *   at: (name, n) => defineTask({ name, summary: `Count to ${n}`, ... }) });
 */
export function numberedTask(
  name: string,
  { at, ...range }: Omit<NumberedTasks, "at"> & { at(name: string, n: number): TaskEntry },
): TaskEntry {
  const { least, most, fallback } = range;
  return {
    ...at(name, fallback),
    label: `N_${name} (N ${least} to ${most}, default ${fallback})`,
    numbered: {
      ...range,
      at(n) {
        const aliases = range.aliases.map((alias) => `${n}_${alias}`);
        return { ...at(`${n}_${name}`, n), aliases };
      },
    },
  };
}

/** An entry, and with a family the entry of each n. */
export function membersOf(entry: TaskEntry): TaskEntry[] {
  const { numbered } = entry;
  if (!numbered) return [entry];
  const { least, most } = numbered;
  const numbers = Array.from({ length: most - least + 1 }, (_, index) => least + index);
  return [entry, ...numbers.map((n) => numbered.at(n))];
}
