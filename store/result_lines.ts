/** The result of a run in lines, for standard output. */
import { formatDuration, formatNumber } from "./progress/format_progress.ts";
import { metricFacts } from "../core/losses/metric_facts.ts";
import { isReplicaBroken } from "../core/training/measure_row.ts";
import { type Metric, metricOf } from "../core/training/sums.ts";
import type { TrainResult } from "../core/training/train_options.ts";
import type { Task } from "../core/training/task.ts";
import type { Replica } from "../config/replicas.ts";
import { commonBound } from "./common_bound.ts";
import { type ScoreCount, scoreIntervals } from "./score_intervals.ts";

/** The replicas of a run and their tasks, [P]. */
interface RunReplicas {
  readonly tasks: readonly Task[];
  readonly replicas: readonly Replica[];
}

/** Replicas that get a line each at most; more are summed up in one line. */
const MOST_LINES = 16;

/**
 * The outcome of a training: end reason, levels passed, goal, score and loss. Scores and losses are in
 * the units of the task; of several replicas they are the mean, the lowest and the highest.
 */
export function resultLines(result: TrainResult, run: RunReplicas): string[] {
  const { endReason, iterations, sequences, seconds } = result;
  const { replicas } = run;
  const perReplica = replicas.length > 1
    ? ` for each of ${replicas.length} ${wordFor(replicas)}`
    : "";
  return [
    `end reason: ${endReason}`,
    `iterations: ${iterations} (${sequences} sequences${perReplica}) in ${formatDuration(seconds)}`,
    ...divergedLines(result, run),
    ...levelLines(result, run),
    ...goalLines(result, run),
    ...scoreLines(result, run),
    ...lossLines(result, run),
  ];
}

/** Names the replicas that diverged, where there are several in the run. */
function divergedLines({ endReason, metrics }: TrainResult, { replicas }: RunReplicas): string[] {
  if (endReason !== "diverged" || replicas.length === 1) return [];
  const broken = replicas.filter((_, index) => isReplicaBroken(metrics, index));
  if (broken.length === 0) return [];
  const labels = broken.slice(0, MOST_LINES).map(({ label }) => label).join("; ");
  const rest = broken.length > MOST_LINES ? `; and ${broken.length - MOST_LINES} more` : "";
  return [`not finite: ${labels}${rest}`];
}

/** The highest level that each replica passed, of a task with levels. */
function levelLines({ metrics }: TrainResult, { tasks, replicas }: RunReplicas): string[] {
  const { levels } = tasks[0]!;
  const passed = metrics["curriculum/passed"];
  if (!levels || passed === undefined) return [];
  const { symbol, first } = levels;
  const last = Math.max(...tasks.map((task) => task.levels!.last));
  const texts = valuesOf(passed).map((level, index) =>
    level < tasks[index]!.levels!.first ? "none" : formatNumber(level)
  );
  const labelled = texts.map((text, index) =>
    texts.length > 1 ? `${text} (${replicas[index]!.label})` : text
  );
  const summary = texts.length > MOST_LINES ? describe(passed) : labelled.join(", ");
  const line = `passed: ${symbol} = ${summary} (of ${symbol} = ${first} to ${last})`;
  const isAny = valuesOf(passed).some((level, index) => level >= tasks[index]!.levels!.first);
  return !isAny || tasks.every((task) => task.levels!.check !== undefined) ? [line] : [
    line,
    `  by ${levels.streak} good batches of training in a row, which can be luck: \`evaluate\` judges the ` +
    "network of each level on fresh sequences, and may find that none holds",
  ];
}

/** How many replicas reached their goal, and after how many updates; of a sweep, a line for each. */
function goalLines({ metrics }: TrainResult, { tasks, replicas }: RunReplicas): string[] {
  const { goal, score } = tasks[0]!;
  const reachedMetric = metrics["goal/reached"];
  if (!goal || reachedMetric === undefined) return [];
  const reached = valuesOf(reachedMetric);
  const updates = valuesOf(metrics["goal/updates"]!);
  const updatesToGoal = updates.filter((_, index) => reached[index] === 1);
  const count = reached.length > 1
    ? `${updatesToGoal.length} of ${reached.length} ${wordFor(replicas)}`
    : "yes";
  const outcome = updatesToGoal.length === 0
    ? "no"
    : `${count}, after ${describe(metricOf(updatesToGoal))} updates`;
  const isSameGoal = tasks.every((task) =>
    task.goal!.threshold === goal.threshold && task.goal!.streak === goal.streak
  );
  const condition = isSameGoal
    ? ` (${score} >= ${formatNumber(goal.threshold)}, ${goal.streak} updates in a row)`
    : "";
  return [
    `goal reached: ${outcome}${condition}`,
    ...isListed(replicas)
      ? replicas.map(({ label }, index) =>
        `  ${label}: ${reached[index] === 1 ? `after ${updates[index]} updates` : "not reached"}`
      )
      : [],
  ];
}

/** The score on fresh sequences, or else on the held-out sequences of the last row. */
function scoreLines(result: TrainResult, run: RunReplicas): string[] {
  const { metrics } = result;
  const { score, loss } = run.tasks[0]!;
  const counts = scoreIntervals(result, run.tasks[0]!);
  if (counts) return testLines(counts, run);
  // The loss has a line of its own.
  const name = [`test/${score}`, `eval/${score}`].find((key) => metrics[key] !== undefined);
  if (name === undefined || score === "loss") return [];
  const { kind, unit } = metricFacts(loss, score);
  const format = kind === "share" ? formatShare : formatNumber;
  const withUnit = (value: number) =>
    unit === undefined ? format(value) : `${format(value)} ${unit}`;
  return [
    `${name}: ${overall(metrics[name]!, run.replicas, withUnit)}${
      chanceText(commonBound(run.tasks, "chance"))
    }`,
    ...replicaLines(metrics[name]!, run.replicas),
  ];
}

/** Shares of right answers with their 95% intervals. */
function testLines(counts: readonly ScoreCount[], { tasks, replicas }: RunReplicas): string[] {
  const { score } = tasks[0]!;
  const line = (index: number, name: string) => {
    const { count, of, low, high } = counts[index]!;
    const { chance } = tasks[index]!;
    return `${name}: ${formatShare(count / of)} on fresh sequences ` +
      `(95% interval ${formatShare(low)} to ${formatShare(high)}, ${count} of ${of}${
        Number.isFinite(chance) ? `; chance ${formatShare(chance)}` : ""
      })`;
  };
  if (counts.length === 1) return [line(0, `test/${score}`)];
  const shares = counts.map(({ count, of }) => count / of);
  const chance = chanceText(commonBound(tasks, "chance"));
  return [
    `test/${score}: ${overall(shares, replicas, formatShare)} on fresh sequences${chance}`,
    ...counts.length > MOST_LINES
      ? []
      : replicas.map(({ label }, index) => line(index, `  ${label}`)),
  ];
}

/** The loss on the best data there is: fresh, held-out or training sequences. */
function lossLines({ metrics }: TrainResult, run: RunReplicas): string[] {
  const { score, loss } = run.tasks[0]!;
  const name = ["test/loss", "eval/loss", "train/loss"].find((key) => metrics[key] !== undefined);
  if (name === undefined) return [];
  const unit = loss.unit === undefined ? "" : ` ${loss.unit}`;
  const best = commonBound(run.tasks, "bestLoss");
  const bound = best === undefined ? "" : ` (best possible ${formatNumber(best)})`;
  // Only one metric is listed for every replica: the score, or else the loss.
  const isScored = score !== "loss" &&
    ["test", "eval"].some((split) => metrics[`${split}/${score}`] !== undefined);
  return [
    `${name}: ${
      overall(metrics[name]!, run.replicas, (value) => formatNumber(value) + unit)
    }${bound}`,
    ...isScored ? [] : replicaLines(metrics[name]!, run.replicas),
  ];
}

/** A line for each replica, of a small sweep. */
const replicaLines = (metric: Metric, replicas: readonly Replica[]): string[] =>
  isListed(replicas)
    ? valuesOf(metric).map((value, index) => `  ${replicas[index]!.label}: ${formatNumber(value)}`)
    : [];

const isListed = (replicas: readonly Replica[]): boolean =>
  hasSweep(replicas) && replicas.length <= MOST_LINES;

const hasSweep = (replicas: readonly Replica[]): boolean =>
  replicas.some(({ settings }) => Object.keys(settings).length > 0);

const wordFor = (replicas: readonly Replica[]): string => hasSweep(replicas) ? "replicas" : "seeds";

/** The chance level in brackets, if all replicas have the same. */
const chanceText = (chance: number | undefined): string =>
  chance === undefined ? "" : ` (chance ${formatShare(chance)})`;

const valuesOf = (metric: Metric): number[] => typeof metric === "number" ? [metric] : metric;

const formatShare = (value: number): string => value.toFixed(4);

/** One number, or the mean of several seeds and their range; of a sweep no mean, since its points differ. */
function overall(
  metric: Metric,
  replicas: readonly Replica[],
  format = formatNumber,
): string {
  if (typeof metric === "number" || !hasSweep(replicas)) return describe(metric, format);
  return `${format(Math.min(...metric))} to ${format(Math.max(...metric))} over the sweep`;
}

/** One number, or the mean, the lowest and the highest of several. */
function describe(metric: Metric, format = formatNumber): string {
  if (typeof metric === "number") return format(metric);
  const mean = metric.reduce((sum, value) => sum + value, 0) / metric.length;
  return `mean ${format(mean)}, lowest ${format(Math.min(...metric))}, ` +
    `highest ${format(Math.max(...metric))}`;
}
