// Curves of the ticked runs; those of other runs are forgotten.
import { ask } from "./runs.js";

/** What the server said of a run's curves, by its path. */
export const curves = new Map();

/**
 * Asks for the curves that have changed. A run's log has not changed as long as its row says so, so curves of
 * finished runs are asked for once.
 *
 * @param rows of the ticked runs.
 * @returns whether there is something new to draw.
 */
export async function updateCurves(rows, metric) {
  const paths = new Set(rows.map(({ path }) => path));
  let hasChanged = false;
  for (const path of curves.keys()) {
    if (!paths.has(path)) hasChanged = curves.delete(path);
  }
  const stale = rows.filter(({ path, stamp }) => {
    const known = curves.get(path);
    return known?.stamp !== stamp || known.metric !== metric;
  });
  await Promise.all(stale.map(async ({ path, stamp }) => {
    const answer = await ask("/curves", { run: path, metric })
      .catch((error) => ({ problem: error.message }));
    curves.set(path, { ...answer, stamp, metric });
  }));
  return hasChanged || stale.length > 0;
}

/** The metrics of all ticked runs, without the kind of sequences they are measured on. */
export const metricNames = () =>
  [...new Set([...curves.values()].flatMap(({ names = [] }) => names))].sort();
