/** Families of tasks that differ in numbers of their names: `3_resequence`, `selcopy_4_12`. */
import type { NameNumber, NumberedTasks, TaskEntry } from "./entry.ts";

/**
 * Makes the entry of a family. `at` makes the entry of some numbers; the name without numbers stands for
 * their fallbacks.
 *
 * @example
 * numberedTask("count", {
 *   place: "after", numbers: [{ symbol: "N", least: 1, most: 9, fallback: 3 }], aliases: [],
 *   at: (name, [n]) => defineTask({ name, summary: `Count to ${n}`, ... }),
 * });
 */
export function numberedTask<I>(
  name: string,
  { at, ...family }: Omit<NumberedTasks<I>, "at"> & {
    at(name: string, numbers: readonly number[]): TaskEntry<I>;
  },
): TaskEntry<I> {
  const { place, numbers, aliases } = family;
  const members = new Map<string, TaskEntry<I>>();
  const symbols = numbers.map(({ symbol }) => symbol);
  const ranges = numbers.map(({ symbol, least, most, fallback }) =>
    `${symbol} ${least} to ${most}, default ${fallback}`
  );
  return {
    ...at(name, numbers.map(({ fallback }) => fallback)),
    label: `${nameWith(place, name, symbols)} (${ranges.join("; ")})`,
    numbered: {
      ...family,
      // The same entry each time: by it a task of the table is told from one of one's own.
      at(values) {
        const full = nameWith(place, name, values);
        const member = members.get(full) ??
          { ...at(full, values), aliases: aliases.map((alias) => nameWith(place, alias, values)) };
        members.set(full, member);
        return member;
      },
    },
  };
}

/** A name with its numbers: `3_resequence`, `selcopy_4_12`. */
const nameWith = (
  place: NumberedTasks["place"],
  name: string,
  numbers: readonly (number | string)[],
): string => (place === "before" ? [...numbers, name] : [name, ...numbers]).join("_");

/** The member of a family with a name or alias; undefined if the name has other numbers or words. */
export function memberNamed(
  { name, numbered }: TaskEntry,
  wanted: string,
): TaskEntry | undefined {
  if (!numbered) return undefined;
  const { place, numbers, aliases } = numbered;
  const words = wanted.split("_");
  const count = numbers.length;
  const texts = place === "before" ? words.splice(0, count) : words.splice(-count, count);
  if (![name, ...aliases].includes(words.join("_"))) return undefined;
  const values = texts.map((text) => /^(0|[1-9]\d*)$/.test(text) ? Number(text) : NaN);
  const fit = numbers.every((range, index) => clamped(range, values[index]) === values[index]);
  return fit ? numbered.at(values) : undefined;
}

/** The nearest value of a number; its fallback if there is none. */
const clamped = ({ least, most, fallback }: NameNumber, value = fallback): number =>
  Math.max(least, Math.min(most, value));

/** Names of a family that somebody may have meant by a word: with the numbers in it, as far as they fit. */
export function namesLike({ name, numbered }: TaskEntry, word: string): string[] {
  if (!numbered) return [];
  const { place, numbers, aliases } = numbered;
  const typed = (word.match(/\d+/g) ?? []).map(Number);
  const values = numbers.map((range, index) => clamped(range, typed[index]));
  return [name, ...aliases].map((stem) => nameWith(place, stem, values));
}

/** Numbers of a family that `membersOf` takes, from the least. */
const FEW = 4;

/** An entry, and if it is a family, its members of the least numbers: four each. */
export function membersOf(entry: TaskEntry): TaskEntry[] {
  const { numbered } = entry;
  if (!numbered) return [entry];
  const combinations = numbered.numbers.reduce<number[][]>(
    (all, { least, most }) => {
      const values = Array.from({ length: Math.min(FEW, most - least + 1) }, (_, i) => least + i);
      return all.flatMap((start) => values.map((value) => [...start, value]));
    },
    [[]],
  );
  return [entry, ...combinations.map((numbers) => numbered.at(numbers))];
}
