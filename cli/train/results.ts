/** The result of a run in lines, for standard output. */
import { formatDuration, formatNumber } from "../../core/run/format_progress.ts";
import { wilsonInterval } from "../../core/run/statistics.ts";
import { type Metric, unwrap } from "../../core/run/sums.ts";
import type { TrainResult } from "../../core/run/train_options.ts";
import type { Task } from "../../core/task.ts";

/** More replicas than this are summed up in one line. */
const MOST_LINES = 16;

export function resultLines(
  result: TrainResult,
  { task, seeds }: { task: Task; seeds: readonly number[] },
): string[] {
  const { endReason, iterations, sequences, seconds, metrics, testCounts } = result;
  const lines = [
    `end reason: ${endReason}`,
    `iterations: ${iterations} (${sequences} sequences${
      seeds.length > 1 ? ` for each of ${seeds.length} seeds` : ""
    }) in ${formatDuration(seconds)}`,
  ];
  const { levels, score, loss: { metrics: ratios } } = task;
  const passed = metrics["curriculum/passed"];
  if (levels && passed !== undefined) {
    const { symbol, first, last } = levels;
    const shown = list(passed).map((level) => level < first ? "none" : formatNumber(level));
    const each = shown.length > MOST_LINES
      ? describe(passed)
      : shown.map((level, replica) =>
        shown.length > 1 ? `${level} (seed ${seeds[replica]})` : level
      )
        .join(", ");
    lines.push(`passed: ${symbol} = ${each} (of ${symbol} = ${first} to ${last})`);
  }
  const { goal } = task;
  if (goal && metrics["goal/reached"] !== undefined) {
    const [reached, updates] = [list(metrics["goal/reached"]), list(metrics["goal/updates"]!)];
    const when = updates.filter((_, replica) => reached[replica] === 1);
    const share = reached.length > 1 ? `${when.length} of ${reached.length} seeds` : "yes";
    lines.push(
      `goal reached: ${
        when.length === 0 ? "no" : `${share}, after ${describe(unwrap(when))} updates`
      }` +
        ` (${score} >= ${formatNumber(goal.threshold)}, ${goal.streak} updates in a row)`,
    );
  }
  const [above, below] = ratios[score]!;
  const [right, all] = [testCounts[above], testCounts[below]];
  if (right !== undefined && all !== undefined) {
    lines.push(...scoreLines({ right: list(right), all: list(all) }, { task, seeds }));
  } else if (metrics[`eval/${score}`] !== undefined) {
    lines.push(
      `eval/${score}: ${describe(metrics[`eval/${score}`]!, share)} (chance ${share(task.chance)})`,
    );
  }
  const loss = ["test/loss", "eval/loss", "train/loss"].find((name) => metrics[name] !== undefined);
  if (loss) {
    const unit = task.loss.unit === undefined ? "" : ` ${task.loss.unit}`;
    lines.push(
      `${loss}: ${describe(metrics[loss]!)}${unit} (best possible ${formatNumber(task.bestLoss)})`,
    );
  }
  return lines;
}

function scoreLines(
  { right, all }: { right: readonly number[]; all: readonly number[] },
  { task, seeds }: { task: Task; seeds: readonly number[] },
): string[] {
  const line = (replica: number, name: string) => {
    const [successes, trials] = [right[replica]!, all[replica]!];
    const { low, high } = wilsonInterval(successes, trials);
    return `${name}: ${share(successes / trials)} on fresh sequences ` +
      `(95% interval ${share(low)} to ${share(high)}, ${successes} of ${trials}; ` +
      `chance ${share(task.chance)})`;
  };
  if (right.length === 1) return [line(0, `test/${task.score}`)];
  const shares = right.map((successes, replica) => successes / all[replica]!);
  return [
    `test/${task.score}: ${describe(shares, share)} on fresh sequences ` +
    `(chance ${share(task.chance)})`,
    ...right.length > MOST_LINES
      ? []
      : seeds.map((seed, replica) => line(replica, `  seed ${seed}`)),
  ];
}

const list = (metric: Metric): number[] => typeof metric === "number" ? [metric] : metric;

const share = (value: number): string => value.toFixed(4);

function describe(metric: Metric, format = formatNumber): string {
  if (typeof metric === "number") return format(metric);
  const mean = metric.reduce((sum, value) => sum + value, 0) / metric.length;
  return `mean ${format(mean)}, lowest ${format(Math.min(...metric))}, ` +
    `highest ${format(Math.max(...metric))}`;
}
