/** The runs below a folder for as long as somebody looks at them, without writing anything. */
import { join } from "node:path";
import { findRuns } from "./find_runs.ts";
import type { IndexedRun } from "./index_row.ts";
import { withLiveState } from "./list_runs.ts";
import { requireFolder } from "./require_folder.ts";
import { readRunFacts, type RunFacts } from "./run_facts.ts";
import { indexPath, readIndex } from "./run_index.ts";

export interface FollowedRuns {
  /** All runs as of this moment, in the order of their paths; only those that have changed are read anew. */
  runs(): readonly RunFacts[];
}

/**
 * Begins to follow the runs below a folder. What an index of them says is taken for a start, where their files
 * still have the times and sizes that it was made from.
 *
 * @throws UsageError if there is no such folder.
 */
export function followRuns(root: string): FollowedRuns {
  requireFolder(root);
  let known = new Map<string, IndexedRun>(
    readIndex(indexPath(root))?.map((run) => [run.facts.path, run]),
  );
  return {
    runs() {
      const seen = new Map<string, IndexedRun>();
      for (const { folder, path, stamp } of findRuns(root)) {
        const before = known.get(path);
        const facts = before?.stamp === stamp ? before.facts : readRunFacts(folder, path);
        if (facts) seen.set(path, { stamp, facts });
      }
      known = seen;
      return [...known.values()].map(({ facts }) => withLiveState(facts, join(root, facts.path)));
    },
  };
}
