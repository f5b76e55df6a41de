/**
 * The index of a folder of runs: `hebb-index.sqlite`, a row of facts for each run below the folder. It holds
 * nothing that the folders of the runs do not, so it may be deleted at any time.
 *
 * It keeps the journal that SQLite has by default: its other one (WAL) needs memory that all processes share,
 * which network file systems lack. A process waits for the lock of another one.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { plainFile } from "../files/plain_path.ts";
import type { RunFacts } from "./run_facts.ts";

export const indexName = "hebb-index.sqlite";

/** Bytes 68 to 71 of the file, so that a database of something else is never written. */
const APPLICATION = 0x48656262;
/** Columns of the table; those of `asJson` hold JSON. */
const columns = [
  ...["path", "stamp", "name", "state", "started", "updated", "task", "model", "updater"],
  ...["replicas", "diverged", "iterations", "sequences", "seconds", "device", "score"],
  ...["forkedFrom", "forkedAt", "message", "settings", "metrics"],
] as const satisfies readonly (keyof RunFacts | "stamp")[];
const asJson: ReadonlySet<string> = new Set(["settings", "metrics"]);
const integers: ReadonlySet<string> = new Set([
  "replicas",
  "diverged",
  "iterations",
  "sequences",
  "forkedAt",
]);

/** Other columns are another version, which `reindex` replaces. */
const VERSION = crc32(columns.join()) & 0x7fffffff;

/** A run of the index, and the times and sizes of the files that its facts were read from. */
export interface IndexedRun {
  readonly stamp: string;
  readonly facts: RunFacts;
}

/** An index file that cannot be used: damaged, of another version, or of something else. */
export class UnusableIndexError extends Error {
  override readonly name = "UnusableIndexError";
  /** Whether it is no index at all, and so not for Hebb to replace. */
  readonly isForeign: boolean;

  constructor(
    message: string,
    { isForeign = false, ...options }: ErrorOptions & { isForeign?: boolean } = {},
  ) {
    super(message, options);
    this.isForeign = isForeign;
  }
}

export interface RunIndex {
  /** All runs, in no order. */
  runs(): IndexedRun[];
  /** The stamp of each run by its path. */
  stamps(): Map<string, string>;
  /**
   * Adds or replaces runs, and removes others, as one change.
   *
   * @param change.known stamps that were read before: what another process has changed since is newer, and stays.
   */
  update(change: {
    put?: readonly IndexedRun[];
    remove?: readonly string[];
    known?: ReadonlyMap<string, string>;
  }): void;
  close(): void;
  [Symbol.dispose](): void;
}

/** In place of a path: an index that no other process sees. */
export const inMemory = ":memory:";

/** Where the index of a folder of runs lies. */
export const indexPath = (root: string): string => join(root, indexName);

/**
 * Opens an index, or makes an empty one.
 *
 * @param path of the file, or `inMemory`: it lasts as long as this object.
 * @param options.wait most milliseconds to wait for another process at a time.
 * @throws UnusableIndexError if it is damaged, of something else or of another version.
 * @throws RunFolderError if it is a link, a pipe or a folder.
 * @throws Error of SQLite if it stays locked, or the folder cannot be written.
 */
export function openIndex(path: string, { wait = 5000 }: { wait?: number } = {}): RunIndex {
  if (path !== inMemory) plainFile(path);
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(path, { timeout: wait });
    try {
      prepareSchema(database, path);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw asUnusable(error, path);
  }
  const put = database.prepare(
    `INSERT OR REPLACE INTO runs (${columns.map(columnName)}) VALUES (${columns.map(() => "?")})`,
  );
  const remove = database.prepare("DELETE FROM runs WHERE path = ?");
  const stamp = database.prepare("SELECT stamp FROM runs WHERE path = ?");
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw asUnusable(error, path);
    }
  };
  const close = () => database.close();
  return {
    runs: () => guarded(() => database.prepare("SELECT * FROM runs").all().map(indexedRun)),
    stamps: () =>
      guarded(() =>
        new Map(
          database.prepare("SELECT path, stamp FROM runs").all()
            .map(({ path, stamp }) => [String(path), String(stamp)]),
        )
      ),
    update: (change) =>
      guarded(() =>
        inTransaction(database, () => {
          const isAsKnown = (path: string) =>
            !change.known || stamp.get(path)?.stamp === change.known.get(path);
          for (const path of change.remove ?? []) if (isAsKnown(path)) remove.run(path);
          for (const run of change.put ?? []) {
            if (isAsKnown(run.facts.path)) put.run(...valuesOf(run));
          }
        })
      ),
    close,
    [Symbol.dispose]: close,
  };
}

function prepareSchema(database: DatabaseSync, path: string): void {
  const pragma = (name: string) =>
    Number(Object.values(database.prepare(`PRAGMA ${name}`).get()!)[0]);
  if (pragma("application_id") === APPLICATION && pragma("user_version") === VERSION) return;
  inTransaction(database, () => {
    // Another process may have made it while this one waited.
    if (pragma("application_id") === APPLICATION) {
      if (pragma("user_version") === VERSION) return;
      throw new UnusableIndexError(`${path} is an index of another version of Hebb`);
    }
    if (database.prepare("SELECT 1 FROM sqlite_schema").get() !== undefined) {
      throw new UnusableIndexError(`${path} is a database of something else`, { isForeign: true });
    }
    database.exec(
      `PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${VERSION};
      CREATE TABLE runs (${columns.map(columnDefinition)}) WITHOUT ROWID`,
    );
  });
}

/** Does some work that is seen as a whole or not at all; the lock for writing is taken at once. */
function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    work();
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

const columnName = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const columnDefinition = (name: string): string =>
  `${columnName(name)} ${
    integers.has(name) ? "INTEGER" : name === "seconds" ? "REAL" : "TEXT"
  } NOT NULL${name === "path" ? " PRIMARY KEY" : ""}`;

function valuesOf({ stamp, facts }: IndexedRun): (string | number)[] {
  const values = { ...facts, stamp };
  return columns.map((name) =>
    asJson.has(name) ? JSON.stringify(values[name], textOfNumber) : values[name] as string | number
  );
}

function indexedRun(row: Readonly<Record<string, unknown>>): IndexedRun {
  const facts: Record<string, unknown> = {};
  for (const name of columns) {
    const value = row[columnName(name)];
    if (asJson.has(name)) parseLater(facts, name, String(value));
    else if (name !== "stamp") facts[name] = value;
  }
  return { stamp: String(row.stamp), facts: facts as unknown as RunFacts };
}

/** A property whose text is parsed when it is first read: a list of 10,000 runs shows few of them. */
function parseLater(target: object, name: string, text: string): void {
  const define = (rest: PropertyDescriptor) =>
    Object.defineProperty(target, name, { configurable: true, enumerable: true, ...rest });
  define({
    get() {
      const value = parsed(text);
      define({ value });
      return value;
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

/** Results of SQLite that say that the file is no database, or a damaged one. */
const damage: ReadonlySet<unknown> = new Set([11, 26]);

function asUnusable(error: unknown, path: string): unknown {
  const code = (error as { errcode?: number }).errcode;
  if (error instanceof UnusableIndexError || code === undefined) return error;
  return damage.has(code & 0xff)
    ? new UnusableIndexError(`${path} is damaged: ${(error as Error).message}`, { cause: error })
    : error;
}
