/** A run as a row of the index. */
import type { RunFacts } from "./run_facts.ts";
import { mend, UnusableIndexError } from "./unusable_index_error.ts";

/** A run of the index, and the times and sizes of the files that its facts were read from. */
export interface IndexedRun {
  readonly stamp: string;
  readonly facts: RunFacts;
}

/** What SQLite holds of each fact; JSON is text to it. */
const columnTypes = {
  ...{ path: "TEXT", stamp: "TEXT", name: "TEXT", state: "TEXT", started: "TEXT", updated: "TEXT" },
  ...{ task: "TEXT", model: "TEXT", updater: "TEXT", replicas: "INTEGER", diverged: "INTEGER" },
  ...{ iterations: "INTEGER", sequences: "INTEGER", seconds: "REAL", device: "TEXT" },
  memory: "INTEGER",
  ...{ score: "TEXT", forkedFrom: "TEXT", forkedAt: "INTEGER", message: "TEXT" },
  ...{ settings: "JSON", metrics: "JSON" },
} as const satisfies Readonly<
  Record<keyof RunFacts | "stamp", "TEXT" | "INTEGER" | "REAL" | "JSON">
>;

type Column = keyof typeof columnTypes;
export const columns = Object.keys(columnTypes) as Column[];
const isJson = (column: Column): boolean => columnTypes[column] === "JSON";

const columnName = (name: Column): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const columnDefinition = (column: Column): string =>
  `${columnName(column)} ${isJson(column) ? "TEXT" : columnTypes[column]} NOT NULL`;

/** The columns of the table, as SQL defines them. */
export const tableColumns = columns.map(columnDefinition).join();

/** The values of a row, in the order of the columns. */
export function valuesOf({ stamp, facts }: IndexedRun): (string | number)[] {
  const values = { ...facts, stamp };
  return columns.map((column) =>
    isJson(column)
      ? JSON.stringify(values[column], textOfNumber)
      : values[column] as string | number
  );
}

/** The run of a row. @param path of the index, for errors. */
export function indexedRun(row: Readonly<Record<string, unknown>>, path: string): IndexedRun {
  const facts: Record<string, unknown> = {};
  for (const column of columns) {
    const value = row[columnName(column)];
    if (isJson(column)) parseLater(facts, column, { text: String(value), path });
    else if (column !== "stamp") facts[column] = value;
  }
  return { stamp: String(row.stamp), facts: facts as unknown as RunFacts };
}

/**
 * Defines a property whose text is parsed when it is first read: a list of 10,000 runs shows few of them.
 *
 * @param options.path of the index, for the error that the property throws if the text is damaged.
 */
function parseLater(
  target: object,
  name: string,
  { text, path }: { text: string; path: string },
): void {
  const define = (rest: PropertyDescriptor) =>
    Object.defineProperty(target, name, { configurable: true, enumerable: true, ...rest });
  define({
    get() {
      try {
        const value = parsed(text);
        define({ value });
        return value;
      } catch (cause) {
        throw new UnusableIndexError(`${path} is damaged: ${mend}`, { cause });
      }
    },
  });
}

// JSON has no numbers that are not finite. A setting may be the same text, so they are marked.
const mark = "number:";
const textOfNumber = (_: string, value: unknown) =>
  typeof value === "number" && !Number.isFinite(value) ? mark + value : value;
/** Most texts have no such number, and are read several times as fast without looking for one. */
const parsed = (text: string): unknown =>
  text.includes(mark) ? JSON.parse(text, numberOfText) : JSON.parse(text);
const numberOfText = (_: string, value: unknown) =>
  typeof value === "string" && value.startsWith(mark) ? Number(value.slice(mark.length)) : value;
