import { metricFacts } from "../core/losses/metric_facts.ts";
import { type Interval, wilsonInterval } from "../core/numerics/statistics.ts";
import type { TrainResult } from "../core/training/train_options.ts";
import type { Task } from "../core/training/task.ts";

/** The score of a replica on fresh sequences. */
export interface ScoreCount extends Interval {
  readonly count: number;
  readonly of: number;
}

/**
 * The 95% intervals of the score on fresh sequences, [P]. Undefined if none were judged, or if the score is
 * no share of cases.
 */
export function scoreIntervals(
  { testCounts }: Pick<TrainResult, "testCounts">,
  { loss, score }: Pick<Task, "loss" | "score">,
): ScoreCount[] | undefined {
  const [above, below] = loss.metrics[score]!;
  const [successes, trials] = [testCounts[above], testCounts[below]];
  if (metricFacts(loss, score).kind !== "share") return undefined;
  if (successes === undefined || trials === undefined) return undefined;
  const [counts, totals] = [[successes].flat(), [trials].flat()];
  return counts.map((count, replica) => {
    const of = totals[replica]!;
    return { count, of, ...wilsonInterval(count, of) };
  });
}
