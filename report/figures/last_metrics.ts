/** The last value of every metric of a run. */
import type { RunFiles } from "../run_files.ts";
import { clockNames } from "../run_metrics.ts";
import { replicaValues } from "./curve.ts";

const clocks = new Set<string>(clockNames);

/**
 * The last [P] values of each metric, sorted by name. They are those of `status.json`; a metric that
 * it lacks is taken from the last line that holds it. A goal that was not reached took no number of updates.
 */
export function lastMetrics({ status, metrics }: RunFiles): ReadonlyMap<string, readonly number[]> {
  const last = new Map([...metrics.last].filter(([key]) => !clocks.has(key)));
  for (const [key, value] of Object.entries(status.metrics)) {
    const values = replicaValues(value);
    if (values.length > 0 && !clocks.has(key)) last.set(key, values);
  }
  const [reached, updates] = [last.get("goal/reached"), last.get("goal/updates")];
  if (reached && updates) {
    const counts = updates.map((count, replica) => reached[replica] === 1 ? count : NaN);
    if (reached.includes(1)) last.set("goal/updates", counts);
    else last.delete("goal/updates");
  }
  return new Map([...last].sort(([a], [b]) => a < b ? -1 : 1));
}
