/** The result of a run in lines, for standard output. */
import { formatDuration, formatNumber } from "./progress/format_progress.ts";
import { wilsonInterval } from "../core/numerics/statistics.ts";
import { isReplicaBroken } from "../core/training/measure_row.ts";
import { type Metric, metricOf } from "../core/training/sums.ts";
import type { TrainResult } from "../core/training/train_options.ts";
import type { Task } from "../core/training/task.ts";
import type { Replica } from "../config/replicas.ts";
import { commonBound } from "./common_bound.ts";

/** The replicas of a run and their tasks, [P]. */
interface Whose {
  readonly tasks: readonly Task[];
  readonly replicas: readonly Replica[];
}

/** More replicas than this are summed up in one line. */
const MOST_LINES = 16;

export function resultLines(
  result: TrainResult,
  { tasks, replicas }: Whose,
): string[] {
  const [task] = tasks as readonly [Task];
  const { endReason, iterations, sequences, seconds, metrics, testCounts } = result;
  const lines = [
    `end reason: ${endReason}`,
    `iterations: ${iterations} (${sequences} sequences${
      replicas.length > 1 ? ` for each of ${replicas.length} ${wordFor(replicas)}` : ""
    }) in ${formatDuration(seconds)}`,
  ];
  if (endReason === "diverged" && replicas.length > 1) {
    const broken = replicas.filter((_, replica) => isReplicaBroken(metrics, replica));
    const shown = broken.slice(0, MOST_LINES).map(({ label }) => label).join("; ");
    const more = broken.length > MOST_LINES ? `; and ${broken.length - MOST_LINES} more` : "";
    if (broken.length > 0) lines.push(`not finite: ${shown}${more}`);
  }
  const { levels, score, loss: { metrics: ratios } } = task;
  const passed = metrics["curriculum/passed"];
  if (levels && passed !== undefined) {
    const { symbol, first } = levels;
    const last = Math.max(...tasks.map((each) => each.levels!.last));
    const shown = list(passed).map((level, replica) =>
      level < tasks[replica]!.levels!.first ? "none" : formatNumber(level)
    );
    const each = shown.length > MOST_LINES
      ? describe(passed)
      : shown.map((level, replica) =>
        shown.length > 1 ? `${level} (${replicas[replica]!.label})` : level
      )
        .join(", ");
    lines.push(`passed: ${symbol} = ${each} (of ${symbol} = ${first} to ${last})`);
  }
  const { goal } = task;
  if (goal && metrics["goal/reached"] !== undefined) {
    const [reached, updates] = [list(metrics["goal/reached"]), list(metrics["goal/updates"]!)];
    const when = updates.filter((_, replica) => reached[replica] === 1);
    const isSameGoal = tasks.every((each) =>
      each.goal!.threshold === goal.threshold && each.goal!.streak === goal.streak
    );
    const share = reached.length > 1
      ? `${when.length} of ${reached.length} ${wordFor(replicas)}`
      : "yes";
    lines.push(
      `goal reached: ${
        when.length === 0 ? "no" : `${share}, after ${describe(metricOf(when))} updates`
      }` +
        (isSameGoal
          ? ` (${score} >= ${formatNumber(goal.threshold)}, ${goal.streak} updates in a row)`
          : ""),
    );
    const isListed = hasSweep(replicas) && replicas.length <= MOST_LINES;
    if (isListed) lines.push(...goalLines({ reached, updates }, replicas));
  }
  const [above, below] = ratios[score]!;
  const [right, all] = [testCounts[above], testCounts[below]];
  if (right !== undefined && all !== undefined) {
    lines.push(...scoreLines({ right: list(right), all: list(all) }, { tasks, replicas }));
  } else if (metrics[`eval/${score}`] !== undefined) {
    lines.push(
      `eval/${score}: ${describe(metrics[`eval/${score}`]!, share)}${
        chanceText(commonBound(tasks, "chance"))
      }`,
      ...eachOf(metrics[`eval/${score}`]!, replicas),
    );
  }
  const loss = ["test/loss", "eval/loss", "train/loss"].find((name) => metrics[name] !== undefined);
  if (loss) {
    const unit = task.loss.unit === undefined ? "" : ` ${task.loss.unit}`;
    const best = commonBound(tasks, "bestLoss");
    const bound = best === undefined ? "" : ` (best possible ${formatNumber(best)})`;
    lines.push(`${loss}: ${describe(metrics[loss]!)}${unit}${bound}`);
    // Of the metrics, one is listed.
    const isScored = right !== undefined || metrics[`eval/${score}`] !== undefined;
    if (!isScored) lines.push(...eachOf(metrics[loss]!, replicas));
  }
  return lines;
}

/** When each replica reached its goal: what a sweep is often about. */
function goalLines(
  { reached, updates }: { reached: readonly number[]; updates: readonly number[] },
  replicas: readonly Replica[],
): string[] {
  return replicas.map(({ label }, replica) =>
    `  ${label}: ${reached[replica] === 1 ? `after ${updates[replica]} updates` : "not reached"}`
  );
}

/** One line a replica, for a sweep of few. */
function eachOf(metric: Metric, replicas: readonly Replica[]): string[] {
  if (!hasSweep(replicas) || replicas.length > MOST_LINES) return [];
  return list(metric).map((value, replica) =>
    `  ${replicas[replica]!.label}: ${formatNumber(value)}`
  );
}

const hasSweep = (replicas: readonly Replica[]): boolean =>
  replicas.some(({ settings }) => Object.keys(settings).length > 0);

const wordFor = (replicas: readonly Replica[]): string => hasSweep(replicas) ? "replicas" : "seeds";

/** Chance in brackets, where it is one for all. */
const chanceText = (chance: number | undefined): string =>
  chance === undefined ? "" : ` (chance ${share(chance)})`;

function scoreLines(
  { right, all }: { right: readonly number[]; all: readonly number[] },
  { tasks, replicas }: Whose,
): string[] {
  const { score } = tasks[0]!;
  const line = (replica: number, name: string) => {
    const [successes, trials] = [right[replica]!, all[replica]!];
    const { low, high } = wilsonInterval(successes, trials);
    return `${name}: ${share(successes / trials)} on fresh sequences ` +
      `(95% interval ${share(low)} to ${share(high)}, ${successes} of ${trials}; ` +
      `chance ${share(tasks[replica]!.chance)})`;
  };
  if (right.length === 1) return [line(0, `test/${score}`)];
  const shares = right.map((successes, replica) => successes / all[replica]!);
  return [
    `test/${score}: ${describe(shares, share)} on fresh sequences${
      chanceText(commonBound(tasks, "chance"))
    }`,
    ...right.length > MOST_LINES
      ? []
      : replicas.map(({ label }, replica) => line(replica, `  ${label}`)),
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
