/** Lists the runs below a folder. The index makes that quick; what it says is compared with the folders. */
import { join } from "node:path";
import { requireFolder } from "./require_folder.ts";
import { findRuns } from "./find_runs.ts";
import { readRunFacts, type RunFacts } from "./run_facts.ts";
import { indexPath, inMemory, openIndex, type RunIndex } from "./run_index.ts";
import type { IndexedRun } from "./index_row.ts";
import { UnusableIndexError } from "./unusable_index_error.ts";
import { isRunLocked } from "../files/run_lock.ts";

export interface RunList {
  readonly runs: readonly RunFacts[];
  /** Why the index was not used; undefined if it was. */
  readonly problem?: string;
}

/**
 * The runs below a folder, in no order. Only runs that have changed since they were indexed are read. If the
 * index cannot be used, all are, and the list is the same. Of a run that says that it is running, though no
 * process holds its lock, the state is `stopped`.
 *
 * @throws UsageError if there is no such folder.
 */
export function listRuns(root: string): RunList {
  requireFolder(root);
  const { indexed, problem } = indexedRuns(root);
  const runs = indexed.map(({ facts }) => withLiveState(facts, join(root, facts.path)));
  return { runs, ...problem === undefined ? {} : { problem } };
}

/** The facts of the run in a folder, as of this moment; undefined if it holds none. */
export function currentFacts(folder: string, path: string): RunFacts | undefined {
  const facts = readRunFacts(folder, path);
  return facts && withLiveState(facts, folder);
}

/** Facts with the state `stopped` where no process holds the lock of a run that says that it is running. */
export const withLiveState = (facts: RunFacts, folder: string): RunFacts =>
  facts.state === "running" && !isRunLocked(folder) ? { ...facts, state: "stopped" } : facts;

function indexedRuns(root: string): { indexed: readonly IndexedRun[]; problem?: string } {
  const first = findRuns(root).next().value;
  // A folder without runs gets no index, nor does the folder of a run.
  if (!first || first.path === ".") return { indexed: refreshed(inMemory, root) };
  try {
    return { indexed: refreshed(indexPath(root), root) };
  } catch (error) {
    return { indexed: refreshed(inMemory, root), problem: (error as Error).message };
  }
}

/** The runs below a folder, after an index was brought up to date. */
function refreshed(path: string, root: string): IndexedRun[] {
  using index = openIndex(path);
  refresh(index, root);
  return index.runs();
}

/** Reads the runs anew whose files have changed, and forgets those that are gone. */
function refresh(index: RunIndex, root: string): void {
  // Read before the folders are: a run that is noted in between is none that is gone.
  const known = index.stamps();
  const gone = new Set(known.keys());
  const put: IndexedRun[] = [];
  for (const { folder, path, stamp } of findRuns(root)) {
    const isKnown = known.get(path) === stamp;
    // The stamp is older than the facts: if a file changes in between, it is read again next time.
    const facts = isKnown ? undefined : readRunFacts(folder, path);
    if (facts) put.push({ stamp, facts });
    if (isKnown || facts) gone.delete(path);
  }
  if (put.length + gone.size > 0) index.update({ put, remove: [...gone], known });
}

/**
 * Makes the index of a folder anew from the folders of its runs; a damaged one is replaced.
 *
 * @returns the number of runs.
 * @throws UsageError if there is no such folder; UnusableIndexError if the file is of something else.
 */
export function reindexRuns(root: string): number {
  requireFolder(root);
  using index = openAnew(indexPath(root));
  const known = index.stamps();
  const put = [...findRuns(root)].flatMap(({ folder, path, stamp }) => {
    const facts = readRunFacts(folder, path);
    return facts ? [{ stamp, facts }] : [];
  });
  index.update({ put, remove: [...known.keys()] });
  return put.length;
}

/** An index that can be used, in place of a damaged one or one of another version. */
function openAnew(path: string): RunIndex {
  try {
    const index = openIndex(path);
    // Damage may lie anywhere in the file.
    index.runs();
    return index;
  } catch (error) {
    if (!(error instanceof UnusableIndexError) || error.isForeign) throw error;
    for (const name of [path, `${path}-journal`]) removeFile(name);
    return openIndex(path);
  }
}

function removeFile(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
