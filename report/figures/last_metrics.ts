/** The last value of every metric of a run. */
import type { RunFiles } from "../run_files.ts";
import { replicaValues } from "./curve.ts";

/** Columns of `metrics.jsonl` that tell the time, not a result. */
const clocks = new Set(["iteration", "sequences", "seconds"]);

/**
 * The last [P] values of each metric, sorted by name. They are those of `status.json`; a metric that
 * it lacks is taken from the last line that holds it.
 */
export function lastMetrics({ status, metrics }: RunFiles): ReadonlyMap<string, readonly number[]> {
  const last = new Map<string, readonly number[]>();
  for (const row of [...metrics, status.metrics]) {
    for (const [key, value] of Object.entries(row)) {
      const values = replicaValues(value);
      if (values.length > 0 && !clocks.has(key)) last.set(key, values);
    }
  }
  return new Map([...last].sort(([a], [b]) => a < b ? -1 : 1));
}
