/** How many networks a run trains side by side, and what they are called. */
import { lastMetrics } from "./figures/last_metrics.ts";
import type { RunFiles } from "./run_files.ts";

/** P, read from the logged metrics. */
export function replicaCount(files: RunFiles): number {
  return Math.max(1, ...lastMetrics(files).values().map((values) => values.length));
}

/** Names [P]: such as "memories 10, seed 2" of a sweep, else "seed 2"; empty if the config has no seeds. */
export function replicaNames({ sweep, config }: RunFiles): readonly string[] {
  if (sweep) return sweep.labels;
  const { seeds } = (config["training"] ?? {}) as { seeds?: unknown };
  return Array.isArray(seeds) ? seeds.map((seed) => `seed ${seed}`) : [];
}
