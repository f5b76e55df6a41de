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
import { columns, type IndexedRun, indexedRun, tableColumns, valuesOf } from "./index_row.ts";
import { mend, UnusableIndexError } from "./unusable_index_error.ts";

export const indexName = "hebb-index.sqlite";

/** Bytes 68 to 71 of the file, so that a database of something else is never written. */
const APPLICATION = 0x48656262;
/** Other columns are another version, which `reindex` replaces. */
const VERSION = crc32(tableColumns) & 0x7fffffff;

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
    `INSERT OR REPLACE INTO runs VALUES (${columns.map(() => "?")})`,
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
    runs: () =>
      guarded(() =>
        database.prepare("SELECT * FROM runs").all().map((row) => indexedRun(row, path))
      ),
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

/**
 * The runs of an index as it is, which takes no permission to write; undefined if there is none that can be used.
 */
export function readIndex(path: string): IndexedRun[] | undefined {
  try {
    if (plainFile(path) === null) return undefined;
    using database = new DatabaseSync(path, { readOnly: true });
    if (!isCurrent(database)) return undefined;
    const runs = database.prepare("SELECT * FROM runs").all().map((row) => indexedRun(row, path));
    // Texts are parsed when they are read: here, so that a damaged one is met now.
    for (const { facts: { settings, metrics } } of runs) void [settings, metrics];
    return runs;
  } catch {
    // Damaged, locked, or with a journal that only a writer can clear: the folders say the same.
    return undefined;
  }
}

const pragmaOf = (database: DatabaseSync, name: string): number =>
  Number(Object.values(database.prepare(`PRAGMA ${name}`).get()!)[0]);

/** Whether a database is an index of this version. */
const isCurrent = (database: DatabaseSync): boolean =>
  pragmaOf(database, "application_id") === APPLICATION &&
  pragmaOf(database, "user_version") === VERSION;

function prepareSchema(database: DatabaseSync, path: string): void {
  if (isCurrent(database)) return;
  inTransaction(database, () => {
    // Another process may have made it while this one waited.
    if (isCurrent(database)) return;
    if (pragmaOf(database, "application_id") === APPLICATION) {
      throw new UnusableIndexError(`${path} is an index of another version of Hebb: ${mend}`);
    }
    if (database.prepare("SELECT 1 FROM sqlite_schema").get() !== undefined) {
      throw new UnusableIndexError(`${path} is a database of something else`, { isForeign: true });
    }
    database.exec(
      `PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${VERSION};
      CREATE TABLE runs (${tableColumns}, PRIMARY KEY (path))`,
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

/** Results of SQLite that say that the file is no database, or a damaged one. */
const damage: ReadonlySet<unknown> = new Set([11, 26]);

function asUnusable(error: unknown, path: string): unknown {
  const code = (error as { errcode?: number }).errcode;
  if (error instanceof UnusableIndexError || code === undefined) return error;
  return damage.has(code & 0xff)
    ? new UnusableIndexError(`${path} is damaged (${(error as Error).message}): ${mend}`, {
      cause: error,
    })
    : error;
}
