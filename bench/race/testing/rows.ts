import type { Row } from "../row.ts";

/** A row of which only the times matter. */
export const rowOf = (
  engine: string,
  times: { ms: number; min_ms: number },
  workload = "one",
): Row => ({
  workload,
  engine,
  version: "1.0",
  device: "cpu",
  threads: 1,
  max_ms: times.ms,
  repeats: 3,
  ...times,
});
