/** Curves of the best points of a sweep: those of all would be unreadable, and make a page of gigabytes. */
import { join } from "node:path";
import { mean } from "../../../core/numerics/statistics.ts";
import { type Figure, palette } from "../../../report/figures/chart.ts";
import { capitalised, withUnit, wordsOf } from "../../../report/metric_words.ts";
import { boundedInterval, withoutSplit } from "../../../report/runs/metric_interval.ts";
import { plain } from "../../../report/plain_text.ts";
import type { MetricsRow } from "../../../store/files/metrics.ts";
import { sampleMetrics } from "../../../store/files/sample_metrics.ts";
import { isUnusableFile } from "../../../store/files/unusable_file.ts";
import { drawLines, type Line } from "../../figures/line_chart.ts";
import { valuesByTrial } from "../known_trials.ts";
import type { SweepPoint, SweepResults } from "../results.ts";
import type { Sweep } from "../sweep.ts";

/** Lines that can be told apart. */
const MOST_LINES = palette.length;

/** The metric of the best points over the training; undefined if no log has it. */
export function bestCurves(sweep: Sweep, { metric, points }: SweepResults): Figure | undefined {
  const trialsOf = Map.groupBy(points, ({ job }) => job);
  const best = points.filter(({ mean, state }) => state !== "failed" && Number.isFinite(mean))
    .slice(0, MOST_LINES);
  const lines = best.map((point) =>
    lineOf(sweep, point, { metric, trials: trialsOf.get(point.job)!.length })
  )
    .filter(({ x }) => x.length > 0);
  if (lines.length === 0) return undefined;
  const name = withoutSplit(metric.name);
  const isPositive = lines.every(({ y, low = y }) => low.every((value) => value > 0));
  return drawLines({
    id: "best-curves",
    title: `${capitalised(wordsOf(name))} of the best ${
      lines.length === 1 ? "point" : `${lines.length} points`
    }`,
    caption:
      "On held-out sequences, or those of training where there are none: mean over seeds, with its 95% interval as a " +
      "band (Student's t).",
    xTitle: "iterations",
    yTitle: withUnit(wordsOf(name), metric.facts),
    isShare: metric.facts.kind === "share",
    isLogY: name === "loss" && isPositive,
    hasBands: true,
    lines,
  });
}

function lineOf(
  { paths }: Sweep,
  { label, job, place }: SweepPoint,
  { metric, trials }: { metric: SweepResults["metric"]; trials: number },
): Line {
  const rows = rowsOf(join(paths.job(job).run, "metrics.jsonl")).map(({ iteration, values }) => {
    const finite = valuesByTrial(values, metric.name, trials)[place]!.filter(Number.isFinite);
    return { iteration, y: mean(finite), interval: boundedInterval(finite, metric.facts) };
  }).filter(({ y }) => Number.isFinite(y));
  const hasBand = rows.some(({ interval }) => interval);
  return {
    name: plain(label),
    x: rows.map(({ iteration }) => iteration),
    y: rows.map(({ y }) => y),
    ...hasBand
      ? {
        low: rows.map(({ y, interval }) => interval?.low ?? y),
        high: rows.map(({ y, interval }) => interval?.high ?? y),
      }
      : {},
  };
}

/** Rows of a log; none of one that cannot be read, since a page shows what there is. */
function rowsOf(path: string): readonly MetricsRow[] {
  try {
    return sampleMetrics(path).rows;
  } catch (error) {
    if (isUnusableFile(error)) return [];
    throw error;
  }
}
