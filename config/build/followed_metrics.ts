/** The metrics by which a config keeps networks and stops. */
import { type FollowedMetric, followedMetric } from "../../core/training/followed_metric.ts";
import type { Patience } from "../../core/training/train_options.ts";
import type { RunConfig } from "../run_config.ts";
import { UsageError } from "../usage_error.ts";
import type { Run } from "./build_run.ts";

/** What a training follows; a field is missing where the config does not ask for it. */
export interface FollowedMetrics {
  readonly keepBest?: FollowedMetric;
  readonly patience?: Patience;
}

/** @throws UsageError if rows have no such metric, or the task keeps networks by its levels. */
export function followedMetrics(
  { task, loss, program }: Run,
  { training }: Pick<RunConfig, "training">,
): FollowedMetrics {
  const { keep_best, early_stop_metric, early_stop_patience: rows } = training;
  const isJudged = training.evaluation_sequences > 0;
  const of = (text: string, flag: string) => {
    try {
      return followedMetric(text, { loss, program, isJudged });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new UsageError(`${flag}: ${error.message}`, { cause: error });
    }
  };
  if (keep_best !== undefined && task.levels) {
    throw new UsageError(
      "--keep-best: networks of different levels cannot be compared; the network of each level is kept as it passes",
    );
  }
  return {
    ...keep_best === undefined ? {} : { keepBest: of(keep_best, "--keep-best") },
    ...early_stop_metric === undefined ? {} : {
      patience: {
        metric: of(early_stop_metric, "--early-stop-metric"),
        rows,
        least: training.early_stop_min_delta,
      },
    },
  };
}
