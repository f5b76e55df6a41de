/** When the seeds of a row reached a score. */
import type { MetricFacts } from "../../../core/losses/loss_metric.ts";
import { median } from "../../median.ts";
import type { SeedResult } from "./read_row.ts";

export interface Criterion {
  /** The score to reach. */
  readonly threshold: number;
  readonly facts: MetricFacts;
}

export interface Reached {
  /** Seeds that reached it at some row of metrics. */
  readonly count: number;
  readonly of: number;
  /** Medians over all seeds; Infinity: most of them never did. NaN without seeds. */
  readonly sequences: number;
  /** Of training, of all seeds of a run side by side. */
  readonly seconds: number;
}

/** Whether a score is good enough; a diverged one is not. */
export const meets = (score: number, { threshold, facts: { better } }: Criterion): boolean =>
  better === "less" ? score <= threshold : score >= threshold;

/** The first row of metrics of each seed whose score on held-out sequences is good enough. */
export function reachedBy(seeds: readonly SeedResult[], criterion: Criterion): Reached {
  const moments = seeds.map(({ curve }) => curve.find(({ score }) => meets(score, criterion)));
  const over = (of: "sequences" | "seconds") =>
    median(moments.map((moment) => moment?.[of] ?? Infinity));
  return {
    count: moments.filter((moment) => moment !== undefined).length,
    of: seeds.length,
    sequences: over("sequences"),
    seconds: over("seconds"),
  };
}
