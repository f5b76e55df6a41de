/** The result of a run in lines, for standard output. */
import { formatDuration, formatNumber } from "./progress/format_progress.ts";
import type { Estimate } from "../core/training/sequence_counts.ts";
import { meanOf, type Metric, metricOf, valuesOf } from "../core/training/sums.ts";
import type { TrainResult } from "../core/training/train_options.ts";
import type { Task } from "../core/training/task.ts";
import type { Replica } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import { commonBound } from "./common_bound.ts";
import { divergenceText } from "./divergence_text.ts";

/** The replicas of a run and their tasks, [P]. */
interface RunReplicas {
  readonly tasks: readonly Task[];
  readonly replicas: readonly Replica[];
  readonly config: RunConfig;
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

/** A line for each replica that diverged. */
function divergedLines({ divergences }: TrainResult, run: RunReplicas): string[] {
  const rest = divergences.length - MOST_LINES;
  return [
    ...divergences.slice(0, MOST_LINES).map((divergence) => divergenceText(divergence, run)),
    ...rest > 0 ? [`diverged: ${rest} more, see status.json`] : [],
  ];
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
  return [`passed: ${symbol} = ${summary} (of ${symbol} = ${first} to ${last})`];
}

/** How many replicas reached their goal, and after how many updates; of a sweep, a line for each. */
function goalLines(
  { metrics, divergences }: TrainResult,
  { tasks, replicas }: RunReplicas,
): string[] {
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
  const missed = (index: number) =>
    divergences.some(({ replica }) => replica === index) ? "diverged" : "not reached";
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
        `  ${label}: ${reached[index] === 1 ? `after ${updates[index]} updates` : missed(index)}`
      )
      : [],
  ];
}

/** The score on fresh sequences, or else on the held-out sequences of the last row. */
function scoreLines(result: TrainResult, run: RunReplicas): string[] {
  const { metrics, testEstimates } = result;
  const { score } = run.tasks[0]!;
  const estimates = testEstimates[score];
  if (estimates !== undefined) return testLines(estimates, run);
  const name = `eval/${score}`;
  const heldOut = metrics[name];
  if (heldOut === undefined) return [];
  return [
    `${name}: ${describe(heldOut, formatShare)}${chanceText(commonBound(run.tasks, "chance"))}`,
    ...replicaLines(heldOut, run.replicas),
  ];
}

/** The score on fresh sequences with its 95% interval over these; of a share with its counts too. */
function testLines(
  estimates: readonly Estimate[],
  { tasks, replicas }: RunReplicas,
): string[] {
  const { score } = tasks[0]!;
  const line = (index: number, name: string) => {
    const { above, below, isShare, interval, sequences } = estimates[index]!;
    if (Number.isNaN(above)) return `${name}: diverged`;
    const facts = [
      ...interval
        ? [`95% interval ${formatShare(interval.low)} to ${formatShare(interval.high)}`]
        : [],
      isShare ? `${above} of ${below}` : `mean of ${sequences} sequences`,
    ].join(", ");
    return `${name}: ${formatShare(above / below)} on fresh sequences ` +
      `(${facts}; chance ${formatShare(tasks[index]!.chance)})`;
  };
  if (estimates.length === 1) return [line(0, `test/${score}`)];
  const shares = estimates.map(({ above, below }) => above / below);
  const chance = chanceText(commonBound(tasks, "chance"));
  return [
    `test/${score}: ${describe(shares, formatShare)} on fresh sequences${chance}`,
    ...estimates.length > MOST_LINES
      ? []
      : replicas.map(({ label }, index) => line(index, `  ${label}`)),
  ];
}

/** The loss on the best data there is: fresh, held-out or training sequences. */
function lossLines({ metrics, testEstimates }: TrainResult, run: RunReplicas): string[] {
  const { score, loss } = run.tasks[0]!;
  const name = ["test/loss", "eval/loss", "train/loss"].find((key) => metrics[key] !== undefined);
  if (name === undefined) return [];
  const unit = loss.unit === undefined ? "" : ` ${loss.unit}`;
  const best = commonBound(run.tasks, "bestLoss");
  const bound = best === undefined ? "" : ` (best possible ${formatNumber(best)})`;
  // Only one metric is listed for every replica: the score, or else the loss.
  const isScored = testEstimates[score] !== undefined || metrics[`eval/${score}`] !== undefined;
  return [
    `${name}: ${describe(metrics[name]!)}${unit}${bound}`,
    ...isScored ? [] : replicaLines(metrics[name]!, run.replicas),
  ];
}

/** A line for each replica, of a small sweep. */
const replicaLines = (metric: Metric, replicas: readonly Replica[]): string[] =>
  isListed(replicas)
    ? valuesOf(metric).map((value, index) =>
      `  ${replicas[index]!.label}: ${Number.isNaN(value) ? "diverged" : formatNumber(value)}`
    )
    : [];

const isListed = (replicas: readonly Replica[]): boolean =>
  hasSweep(replicas) && replicas.length <= MOST_LINES;

const hasSweep = (replicas: readonly Replica[]): boolean =>
  replicas.some(({ settings }) => Object.keys(settings).length > 0);

const wordFor = (replicas: readonly Replica[]): string => hasSweep(replicas) ? "replicas" : "seeds";

/** The chance level in brackets, if all replicas have the same. */
const chanceText = (chance: number | undefined): string =>
  chance === undefined ? "" : ` (chance ${formatShare(chance)})`;

const formatShare = (value: number): string => value.toFixed(4);

/** One number, or the mean, the lowest and the highest of several; those that diverged have none. */
function describe(metric: Metric, format = formatNumber): string {
  if (typeof metric === "number") return format(metric);
  const values = metric.filter((value) => !Number.isNaN(value));
  if (values.length === 0) return "diverged";
  return `mean ${format(meanOf(metric))}, lowest ${format(Math.min(...values))}, ` +
    `highest ${format(Math.max(...values))}`;
}
