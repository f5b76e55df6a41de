/** Families of tasks that differ in a number, with which their names begin: `3_resequence`. */
import type { NumberedTasks, TaskEntry } from "./entry.ts";

/**
 * Makes the entry of a family. `at` makes the entry of one number; the name without a number stands for
 * `fallback`.
 *
 * @example
 * numberedTask("count", { least: 1, most: 9, fallback: 3, aliases: [],
 *   at: (name, n) => defineTask({ name, summary: `Count to ${n}`, ... }) });
 */
export function numberedTask<I>(
  name: string,
  { at, ...range }: Omit<NumberedTasks<I>, "at"> & { at(name: string, n: number): TaskEntry<I> },
): TaskEntry<I> {
  const { least, most, fallback } = range;
  const members = new Map<number, TaskEntry<I>>();
  return {
    ...at(name, fallback),
    label: `N_${name} (N ${least} to ${most}, default ${fallback})`,
    numbered: {
      ...range,
      // The same entry each time: by it a task of the table is told from one of one's own.
      at(n) {
        const aliases = range.aliases.map((alias) => `${n}_${alias}`);
        const member = members.get(n) ?? { ...at(`${n}_${name}`, n), aliases };
        members.set(n, member);
        return member;
      },
    },
  };
}

/** An entry, and if it is a family, the entry of each number. */
export function membersOf(entry: TaskEntry): TaskEntry[] {
  const { numbered } = entry;
  if (!numbered) return [entry];
  const { least, most } = numbered;
  const numbers = Array.from({ length: most - least + 1 }, (_, index) => least + index);
  return [entry, ...numbers.map((n) => numbered.at(n))];
}
