// The list of runs, kept up to date by asking the server what has changed.

/** Milliseconds that an answer may take. */
const PATIENCE = 20_000;

/** The JSON at an address of this server; rejects if there is none. */
export async function ask(path, query) {
  const response = await fetch(`${path}?${new URLSearchParams(query)}`, {
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!response.ok) throw new Error((await response.text()).trim());
  return await response.json();
}

/** Rows of runs by their paths. */
export const runs = new Map();
let version = 0;

/** Brings the list up to date. Resolves to the paths of runs that have changed or are gone. */
export async function updateRuns() {
  const before = version;
  const answer = await ask("/runs", { since: before });
  const changed = new Set(answer.runs.map(({ path }) => path));
  if (answer.isWhole) {
    for (const path of runs.keys()) {
      if (changed.has(path)) continue;
      runs.delete(path);
      changed.add(path);
    }
  }
  for (const row of answer.runs) runs.set(row.path, row);
  version = answer.version;
  if (runs.size === answer.count) return changed;
  // Some are gone: the whole list says which.
  version = 0;
  return changed.union(await updateRuns());
}
