/** The list of runs that pages show, with what has changed since a page asked last. */
import { join } from "node:path";
import { followRuns } from "../store/index/follow_runs.ts";
import type { RunFacts } from "../store/index/run_facts.ts";
import { columns, shareDone, type SortKey, type WatchedRun } from "./columns.ts";
import { createTimeLeft } from "./time_left.ts";

/** A run as a page shows it. */
export interface RunRow {
  readonly path: string;
  readonly state: string;
  /** Why it ended, or what is damaged; "" if there is nothing to say. */
  readonly message: string;
  /** The metric that its task is about; "" if that is not known. */
  readonly score: string;
  /** Share of its iterations that is done; null if it does not say how many it is to do. */
  readonly share: number | null;
  /** Changes when its log has new rows. */
  readonly stamp: string;
  /** Text of each column. */
  readonly cells: readonly string[];
  /** What orders each column. */
  readonly keys: readonly SortKey[];
}

export interface RunChanges {
  /** To be given with the next question. */
  readonly version: number;
  /** Whether `runs` are all there are; a page forgets those that it has. */
  readonly isWhole: boolean;
  /** How many runs there are: a page that then has more asks for all. */
  readonly count: number;
  readonly runs: readonly RunRow[];
}

export interface WatchedRuns {
  /** What has changed since a version; of a version of another server, or 0, everything. */
  changesSince(version: number): RunChanges;
  /** The folder of a run of the list; undefined if there is none, or a link leads out of the list. */
  folderOf(path: string): string | undefined;
}

/** Milliseconds for which a list counts as new: several pages ask for it. */
const FRESH = 900;
/** The list takes at most one part in so many of the time. */
const REST = 10;

/**
 * Begins to watch the runs below a folder.
 *
 * @param options.clock milliseconds since 1970.
 * @throws UsageError if there is no such folder.
 */
export function watchRuns(
  root: string,
  { clock = Date.now }: { clock?: () => number } = {},
): WatchedRuns {
  const followed = followRuns(root);
  const realRoot = Deno.realPathSync(root);
  const timeLeft = createTimeLeft();
  // Another server begins later, so none of its versions is one of this.
  const first = clock();
  let version = first;
  let rows = new Map<string, { text: string; row: RunRow; version: number }>();
  let nextRefresh = -Infinity;

  function refresh(): void {
    const now = clock();
    if (now < nextRefresh) return;
    version++;
    const fresh = followed.runs().map((run) => {
      const row = rowOf({ ...run, secondsLeft: timeLeft.of(run, now) }, new Date(now));
      const text = JSON.stringify(row);
      const before = rows.get(row.path);
      return [row.path, before?.text === text ? before : { text, row, version }] as const;
    });
    rows = new Map(fresh);
    nextRefresh = now + Math.max(FRESH, REST * (clock() - now));
  }

  return {
    changesSince(since) {
      refresh();
      const isWhole = !(since >= first && since <= version);
      const changed = [...rows.values()].filter((known) => isWhole || known.version > since);
      return { version, isWhole, count: rows.size, runs: changed.map(({ row }) => row) };
    },
    folderOf(path) {
      if (!rows.has(path)) refresh();
      if (!rows.has(path)) return undefined;
      try {
        const folder = join(realRoot, path);
        return Deno.realPathSync(folder) === folder ? folder : undefined;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      }
    },
  };
}

function rowOf(run: WatchedRun, now: Date): RunRow {
  const { path, state, message, score } = run;
  return {
    ...{ path, state, message, score },
    share: shareDone(run),
    stamp: stampOf(run),
    cells: columns.map(({ text }) => text(run, now)),
    keys: columns.map(({ key }) => key(run)),
  };
}

const stampOf = ({ updated, state, iterations }: RunFacts): string =>
  `${updated} ${state} ${iterations}`;
