/** The x axes a report can be read along. */
import type { RunFiles } from "./run_files.ts";
import type { Clock } from "./run_metrics.ts";

/** The clocks of a run; values are [kept rows of metrics]. */
export interface RunAxes {
  readonly titles: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, readonly number[]>>;
}

const clocks: Readonly<Record<Clock, string>> = {
  iteration: "iterations",
  sequences: "sequences",
  seconds: "seconds",
};

/** The clocks that every line of the metrics holds; without any, the number of the line. */
export function runAxes({ metrics }: RunFiles): RunAxes {
  const held = Object.entries(clocks).filter(([clock]) => metrics.clocks[clock as Clock]);
  if (held.length === 0) {
    return { titles: { line: "logged line" }, values: { line: metrics.rows } };
  }
  return { titles: Object.fromEntries(held), values: { ...metrics.clocks } };
}
