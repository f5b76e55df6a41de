/** The x axes a report can be read along. */
import { replicaValues } from "./figures/curve.ts";
import type { RunFiles } from "./run_files.ts";

/** The clocks of a run; values are [rows of metrics]. */
export interface RunAxes {
  readonly titles: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, readonly number[]>>;
}

const clocks = { iteration: "iterations", sequences: "sequences", seconds: "seconds" } as const;

/** The clocks that every line of the metrics holds; without any, the number of the line. */
export function runAxes({ metrics }: RunFiles): RunAxes {
  const titles: Record<string, string> = {};
  const values: Record<string, number[]> = {};
  for (const [clock, title] of Object.entries(clocks)) {
    const column = metrics.flatMap((row) => replicaValues(row[clock]).slice(0, 1));
    if (metrics.length === 0 || column.length < metrics.length) continue;
    titles[clock] = title;
    values[clock] = column;
  }
  if (Object.keys(values).length === 0) {
    return { titles: { line: "logged line" }, values: { line: metrics.map((_, index) => index) } };
  }
  return { titles, values };
}
