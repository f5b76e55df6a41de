/** The result of a run in lines, for standard output. */
import { formatDuration, formatNumber } from "./progress/format_progress.ts";
import type { MetricKind } from "../core/losses/loss_metric.ts";
import type { FollowedMetric } from "../core/training/followed_metric.ts";
import { metricFacts } from "../core/losses/metric_facts.ts";
import type { Estimate } from "../core/training/sequence_counts.ts";
import { meanOf, type Metric } from "../core/training/sums.ts";
import type { TrainResult } from "../core/training/train_options.ts";
import type { Task } from "../core/training/task.ts";
import type { Replica } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import { bestPoint } from "./best_point.ts";
import { commonBound } from "./common_bound.ts";
import { divergenceText } from "./divergence_text.ts";

/** The replicas of a run and their tasks, [P]. */
interface RunReplicas {
  readonly tasks: readonly Task[];
  readonly replicas: readonly Replica[];
  readonly config: RunConfig;
  /** The metric by which the best networks were kept. */
  readonly keepBest?: FollowedMetric | undefined;
}

/** Kinds of sequences, the most telling first. */
const splits = ["test", "eval", "train"] as const;

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
    `iterations: ${iterations} (${counted(sequences, "sequence")}${perReplica}) in ${
      formatDuration(seconds)
    }`,
    ...divergedLines(result, run),
    ...levelLines(result, run),
    ...goalLines(result, run),
    ...bestLines(result, run),
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
  const isPassed = (level: number, index: number) => level >= tasks[index]!.levels!.first;
  const texts = passed.map((level, index) =>
    isPassed(level, index) ? `${symbol} = ${formatNumber(level)}` : "none"
  );
  const labelled = texts.map((text, index) =>
    texts.length > 1 ? `${text} (${replicas[index]!.label})` : text
  );
  const isAny = passed.some(isPassed);
  const summary = !isAny
    ? "none"
    : texts.length > MOST_LINES
    ? `${symbol} = ${describe(passed)}`
    : labelled.join(", ");
  const line = `passed: ${summary} (of ${symbol} = ${first} to ${last})`;
  return !isAny || tasks.every((task) => task.levels!.check !== undefined) ? [line] : [
    line,
    `  by ${levels.streak} good batches of training in a row, which can be luck: \`evaluate\` judges the ` +
    "network of each level on fresh sequences, and may find that none holds",
  ];
}

/** How many replicas reached their goal, and after how many updates; of a sweep, a line for each. */
function goalLines(
  { metrics, divergences }: TrainResult,
  { tasks, replicas }: RunReplicas,
): string[] {
  const { goal, loss, score } = tasks[0]!;
  const reached = metrics["goal/reached"];
  if (!goal || reached === undefined) return [];
  const updates = metrics["goal/updates"]!;
  const updatesToGoal = updates.filter((_, index) => reached[index] === 1);
  const count = reached.length > 1
    ? `${updatesToGoal.length} of ${reached.length} ${wordFor(replicas)}`
    : "yes";
  const outcome = updatesToGoal.length === 0
    ? "no"
    : `${count}, after ${describe(updatesToGoal)} updates`;
  const missed = (index: number) =>
    divergences.some(({ replica }) => replica === index) ? "diverged" : "not reached";
  const sign = metricFacts(loss, score).better === "less" ? "<=" : ">=";
  const isSameGoal = tasks.every((task) =>
    task.goal!.threshold === goal.threshold && task.goal!.streak === goal.streak
  );
  const condition = isSameGoal
    ? ` (${score} ${sign} ${formatNumber(goal.threshold)}, ${goal.streak} updates in a row)`
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

/** The networks that were kept as the best. */
function bestLines({ best }: TrainResult, run: RunReplicas): string[] {
  const { replicas, keepBest } = run;
  if (!best || !keepBest) return [];
  const format = formatOf(run, keepBest.name.replace(/^[^/]+\//, ""));
  const [low, high] = [Math.min(...best.iterations), Math.max(...best.iterations)];
  const when = low === high ? `iteration ${low}` : `iterations ${low} to ${high}`;
  return [
    `best ${keepBest.name}: ${
      overall(best.values, { run, format, better: keepBest.better })
    }, at ${when}; ` +
    `kept and tested beside the newest ${replicas.length > 1 ? "networks" : "network"}`,
  ];
}

/** The score on the best data there is: fresh, held-out or training sequences. */
function scoreLines(result: TrainResult, run: RunReplicas): string[] {
  const { metrics, testEstimates } = result;
  const { score } = run.tasks[0]!;
  const estimates = testEstimates[score];
  // The loss has a line of its own.
  if (score === "loss") return [];
  if (estimates !== undefined) return testLines(estimates, { run, losses: testEstimates["loss"] });
  const name = splits.map((split) => `${split}/${score}`).find((key) => metrics[key] !== undefined);
  if (name === undefined) return [];
  const values = metrics[name]!;
  const losses = metrics[name.replace(/[^/]+$/, "loss")] ?? [];
  // Of losses that are numbers, there was only nothing to measure.
  if (values.every(Number.isNaN) && losses.some(Number.isFinite)) return [`${name}: none`];
  const chance = commonBound(run.tasks, "chance");
  const format = formatOf(run, score);
  return [
    `${name}: ${overall(values, { run, format, better: betterOf(run, score) })}${
      chance === undefined ? "" : ` (chance ${format(chance)})`
    }`,
    ...replicaLines(values, run.replicas, format),
  ];
}

/** The score on fresh sequences with its 95% interval over these; of a share with its counts too. */
function testLines(
  estimates: readonly Estimate[],
  { run, losses }: { run: RunReplicas; losses: readonly Estimate[] | undefined },
): string[] {
  const { tasks, replicas } = run;
  const { score, loss } = tasks[0]!;
  const format = formatOf(run, score);
  const { kind } = metricFacts(loss, score);
  const [{ sequences: judged }] = estimates as readonly [Estimate];
  const isAll = tasks.every(({ heldOut }) => heldOut?.test === judged);
  const where = isAll ? `all ${counted(judged, "held-out sequence")}` : "fresh sequences";
  const line = (index: number, name: string) => {
    const { value, count, interval, sequences } = estimates[index]!;
    // Of a loss that is a number, there was only nothing to measure.
    if (Number.isNaN(value)) {
      return `${name}: ${Number.isFinite(losses?.[index]?.value) ? "none" : "diverged"}`;
    }
    const chance = commonBound([tasks[index]!], "chance");
    const facts = [
      ...interval ? [`95% interval ${format(interval.low)} to ${format(interval.high)}`] : [],
      count ? `${count.count} of ${count.of}` : measuredOn(kind, sequences),
    ].join(", ");
    return `${name}: ${format(value)} on ${where} ` +
      `(${facts}${chance === undefined ? "" : `; chance ${format(chance)}`})`;
  };
  if (estimates.length === 1) return [line(0, `test/${score}`)];
  const values = estimates.map(({ value }) => value);
  const chance = commonBound(tasks, "chance");
  return [
    `test/${score}: ${
      overall(values, { run: { replicas }, format, better: betterOf({ tasks }, score) })
    } on ${where}${chance === undefined ? "" : ` (chance ${format(chance)})`}`,
    ...estimates.length > MOST_LINES
      ? []
      : replicas.map(({ label }, index) => line(index, `  ${label}`)),
  ];
}

/** What a metric is of the sequences that it was measured on, such as "mean of 10 sequences". */
function measuredOn(kind: MetricKind, sequences: number): string {
  const those = counted(sequences, "sequence");
  if (kind === "value") return `over ${those}`;
  const word = ["share", "mean", "count"].includes(kind) ? "mean" : kind.replaceAll("-", " ");
  return `${word} of ${those}`;
}

/** The loss on the best data there is: fresh, held-out or training sequences. */
function lossLines({ metrics }: TrainResult, run: RunReplicas): string[] {
  const { score } = run.tasks[0]!;
  const name = splits.map((split) => `${split}/loss`).find((key) => metrics[key] !== undefined);
  if (name === undefined) return [];
  const format = formatOf(run, "loss");
  const best = commonBound(run.tasks, "bestLoss");
  const bound = best === undefined ? "" : ` (best possible ${formatNumber(best)})`;
  // Only one metric is listed for every replica: the score, or else the loss.
  const isScored = score !== "loss" &&
    splits.some((split) => metrics[`${split}/${score}`] !== undefined);
  return [
    `${name}: ${overall(metrics[name]!, { run, format, better: "less" })}${bound}`,
    ...isScored ? [] : replicaLines(metrics[name]!, run.replicas, format),
  ];
}

/** A line for each replica, of a small sweep. */
const replicaLines = (
  metric: Metric,
  replicas: readonly Replica[],
  format: (value: number) => string,
): string[] =>
  isListed(replicas)
    ? metric.map((value, index) =>
      `  ${replicas[index]!.label}: ${Number.isNaN(value) ? "diverged" : format(value)}`
    )
    : [];

const isListed = (replicas: readonly Replica[]): boolean =>
  hasSweep(replicas) && replicas.length <= MOST_LINES;

const hasSweep = (replicas: readonly Replica[]): boolean =>
  replicas.some(({ settings }) => Object.keys(settings).length > 0);

const wordFor = (replicas: readonly Replica[]): string => hasSweep(replicas) ? "replicas" : "seeds";

const counted = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? "" : "s"}`;

/** How values of a metric are written: a share with four decimals, an amount with its unit. */
function formatOf({ tasks }: RunReplicas, name: string): (value: number) => string {
  const { kind, unit } = metricFacts(tasks[0]!.loss, name);
  if (kind === "share") return (value) => value.toFixed(4);
  return (value) => unit === undefined ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
}

/** Which direction of a metric is good. */
const betterOf = ({ tasks }: Pick<RunReplicas, "tasks">, name: string) =>
  metricFacts(tasks[0]!.loss, name).better;

/**
 * One number, or the mean of several seeds and their range; of a sweep no mean, since its points differ, but the
 * best point.
 */
function overall(
  metric: Metric,
  { run: { replicas }, format, better }: {
    run: Pick<RunReplicas, "replicas">;
    format: (value: number) => string;
    better: "more" | "less" | undefined;
  },
): string {
  if (metric.length === 1 || !hasSweep(replicas)) return describe(metric, format);
  const values = metric.filter((value) => !Number.isNaN(value));
  if (values.length === 0) return "diverged";
  const [low, high] = [Math.min(...values), Math.max(...values)].map(format);
  if (values.length === 1) return `${low}, the others diverged`;
  const best = better && bestPoint(metric, replicas, better);
  const head = best ? `best ${format(best.value)} at ${best.label}, ` : "";
  return `${head}${low} to ${high} over the sweep`;
}

/** One number, or the mean, the lowest and the highest of several; those that diverged have none. */
function describe(metric: Metric, format = formatNumber): string {
  const values = metric.filter((value) => !Number.isNaN(value));
  if (values.length === 0) return "diverged";
  if (metric.length === 1) return format(values[0]!);
  return `mean ${format(meanOf(metric))}, lowest ${format(Math.min(...values))}, ` +
    `highest ${format(Math.max(...values))}`;
}
