/** What a training tells the index that lists it. */
import { dirname, join, relative, resolve, sep } from "node:path";
import { stampOf } from "./find_runs.ts";
import { readRunFacts } from "./run_facts.ts";
import { indexName, openIndex } from "./run_index.ts";

export interface IndexNotes {
  /** Brings the run up to date in the index; does nothing if there is none. Never throws. */
  note(): void;
}

/** Milliseconds that a training waits for the lock of an index. */
const WAIT = 1000;

/**
 * The notes of the run in a folder. They go to the nearest index above it. A list of runs compares its index with
 * the folders, so a note saves it some reading and no more: after one that fails, no other is tried.
 */
export function openIndexNotes(folder: string): IndexNotes {
  let hasFailed = false;
  return {
    note() {
      if (hasFailed) return;
      try {
        noteRun(resolve(folder));
      } catch {
        hasFailed = true;
      }
    },
  };
}

function noteRun(folder: string): void {
  const path = nearestIndex(dirname(folder));
  if (path === undefined) return;
  const name = relative(dirname(path), folder).replaceAll(sep, "/");
  const stamp = stampOf(folder);
  const facts = readRunFacts(folder, name);
  if (stamp === undefined || !facts) return;
  using index = openIndex(path, { wait: WAIT });
  index.update({ put: [{ stamp, facts }] });
}

/** The index in a folder or the nearest one above it. Where looking would ask for a permission, there is none. */
function nearestIndex(folder: string): string | undefined {
  for (let above = folder;; above = dirname(above)) {
    const path = join(above, indexName);
    if (mayUse(path) && isFile(path)) return path;
    if (above === dirname(above)) return undefined;
  }
}

const mayUse = (path: string): boolean =>
  (["read", "write"] as const).every((name) =>
    Deno.permissions.querySync({ name, path }).state === "granted"
  );

function isFile(path: string): boolean {
  try {
    return Deno.lstatSync(path).isFile;
  } catch {
    return false;
  }
}
