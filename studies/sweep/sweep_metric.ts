/** The metric that the points of a sweep are ordered by. */
import { metricFacts } from "../../core/losses/metric_facts.ts";
import { standingNames } from "../../core/training/standing_names.ts";
import type { MetricFacts } from "../../core/losses/loss_metric.ts";
import { buildTask } from "../../config/build/build_run.ts";
import { metricOfRows } from "../../config/build/followed_metrics.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { withoutSplit } from "../../report/runs/metric_interval.ts";
import type { Numbers } from "../../store/files/json_number.ts";
import { metricNames } from "../../store/index/run_fields.ts";
import type { SweepFile } from "../search/sweep_file.ts";
import type { BuiltPoint } from "./same_run.ts";
import type { Sweep } from "./sweep.ts";

/** A metric, and what is known of it. */
export interface RankingMetric {
  /** Such as `accuracy` (on held-out sequences, if there are any) or `eval/loss`. */
  readonly name: string;
  readonly better: "more" | "less";
  readonly facts: Partial<MetricFacts>;
}

/**
 * The metric of a file, or else the one that the task is about.
 *
 * @param config of any point.
 */
export function rankingMetric({ metric }: SweepFile, config: RunConfig): RankingMetric {
  const { loss, score } = buildTask(config);
  const name = metric?.name ?? score;
  const declared = withoutSplit(name);
  const isDeclared = Object.hasOwn(loss.metrics, declared);
  const facts: Partial<MetricFacts> = isDeclared ? metricFacts(loss, declared) : {};
  const better = metric && (metric.goal === "maximize" ? "more" : "less");
  return { name, better: better ?? facts.better ?? "less", facts };
}

/** @throws UsageError if the file names a metric that the rows of this point will not have. */
export function checkMetric({ file: { metric }, stored }: Sweep, point: BuiltPoint): void {
  if (!metric || standingNames(point.run.task).includes(metric.name)) return;
  const direction = metric.goal === "maximize" ? "max" : "min";
  const origin = `sweep ${stored.file.name}: metric.name`;
  metricOfRows(`${direction}:${metric.name}`, { ...point, origin });
}

/**
 * The values of a metric; of one without a split those of held-out sequences, if there are any. Points are not chosen
 * by `test/`, which would be no test after that, and which points that are stopped early do not have.
 */
export function valuesOf(
  metrics: Readonly<Record<string, Numbers>>,
  name: string,
): readonly number[] | undefined {
  const isTest = (other: string) => other !== name && other.startsWith("test/");
  const names = metricNames(name);
  const found = [...names.filter((other) => !isTest(other)), ...names.filter(isTest)]
    .find((other) => Object.hasOwn(metrics, other));
  return found === undefined ? undefined : [metrics[found]!].flat();
}
