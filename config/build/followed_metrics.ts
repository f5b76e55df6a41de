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

/**
 * The metric of the rows of a run that a text means, such as `eval/loss` or `max:accuracy`.
 *
 * @param options.origin what asks for it, for errors.
 * @throws UsageError if rows have no such metric, or nobody knows which of its values are good.
 */
export function metricOfRows(
  text: string,
  { run: { loss, program }, config: { training }, origin }: {
    run: Run;
    config: Pick<RunConfig, "training">;
    origin: string;
  },
): FollowedMetric {
  try {
    return followedMetric(text, { loss, program, isJudged: training.evaluation_sequences > 0 });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`${origin}: ${error.message}`, { cause: error });
  }
}

/** @throws UsageError if rows have no such metric, or the task keeps networks by its levels. */
export function followedMetrics(
  run: Run,
  config: Pick<RunConfig, "training">,
): FollowedMetrics {
  const { keep_best, early_stop_metric, early_stop_patience: rows, early_stop_min_delta: least } =
    config.training;
  const of = (text: string, origin: string) => metricOfRows(text, { run, config, origin });
  if (keep_best !== undefined && run.task.levels) {
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
        least,
      },
    },
  };
}
