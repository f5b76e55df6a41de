/** Trains, records rows, checkpoints and levels in a folder, and writes a report at the end. */
import type { Loss } from "../core/losses/loss.ts";
import { metricFacts } from "../core/losses/metric_facts.ts";
import type { Interval } from "../core/numerics/statistics.ts";
import type { Estimate } from "../core/training/sequence_counts.ts";
import { drawAhead } from "../config/build/draw_ahead.ts";
import type { PreparedRun } from "../config/build/prepare_run.ts";
import { errorLine } from "../config/error_line.ts";
import { plainText } from "../config/plain_text.ts";
import { configOf, type Replica, replicasOf } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import { exitCodeOf, exitCodes } from "../core/training/exit_codes.ts";
import { meanOf, type Metric, type Metrics } from "../core/training/sums.ts";
import { isFinished } from "../core/training/end_of_training.ts";
import type { Task } from "../core/training/task.ts";
import { train } from "../core/training/train.ts";
import type {
  StopReason,
  TrainHooks,
  TrainOptions,
  TrainResult,
  TrainRow,
  TrainState,
} from "../core/training/train_options.ts";
import type { BestNetworks, FollowedMetric } from "../core/training/followed_metric.ts";
import { areSwept, bestPoint } from "./best_point.ts";
import { divergenceText } from "./divergence_text.ts";
import { writeFigures } from "./figures_file.ts";
import type { RunFolder } from "./files/run_folder.ts";
import type { ProgressReporter } from "./progress/progress.ts";
import type { SignalWatch } from "./progress/signals.ts";
import { bestText } from "./judged_checkpoint.ts";
import { lineageLines, readLineage } from "./lineage.ts";
import { openRecorder, type Recorder } from "./recorder.ts";
import { resultLines } from "./result_lines.ts";
import type { RunOutcome } from "./run_outcome.ts";
import type { RunOutput } from "./run_output.ts";
import { shortPath } from "./short_path.ts";
import { checkpointOf } from "./state_file.ts";
import { storedConfig } from "./stored_code.ts";

/** Seconds. */
const earlyCheckpoint = 10;

export interface RecordOptions {
  readonly config: RunConfig;
  /** A check on fresh sequences before a level counts as passed. */
  readonly verify: TrainOptions["verify"];
  /** Lets the networks of a folder write, if the task asks for it. @returns what the first one wrote. */
  readonly writeSamples?: ((folder: string) => Promise<readonly string[]>) | undefined;
  /** Draws the report of a folder. @returns the path of the page. */
  readonly writeReport: (folder: string) => Promise<string>;
  readonly output: RunOutput;
  /** Saves and leaves after so many iterations, as a run that is preempted there. */
  readonly pauseAfter?: number | undefined;
  /** Ends the run as Ctrl-C does, after a checkpoint. */
  readonly abort?: AbortSignal | undefined;
  /** Hear of rows and chunks after they are recorded. */
  readonly hooks?: Pick<TrainHooks, "onRow" | "onProgress"> | undefined;
}

/** What the training of an open folder starts from. */
export interface TrainingStart {
  readonly prepared: PreparedRun;
  readonly options: RecordOptions;
  /** The state to resume from; undefined: a new run. */
  readonly state: TrainState | undefined;
  /** The best networks before a resume; undefined: none are kept yet. */
  readonly best?: BestNetworks | undefined;
  /** Metrics at the checkpoint. */
  readonly before: Metrics;
}

/**
 * Trains, then prints the result and draws the report.
 *
 * @param options.signals are asked between chunks.
 */
export async function trainAndReport(
  folder: RunFolder,
  start: TrainingStart,
  { progress, signals }: { progress: ProgressReporter; signals: SignalWatch },
): Promise<RunOutcome> {
  const { prepared: { device, run }, options: { config }, state, before } = start;
  const replicas = replicasOf(config);
  const iteration = state?.iteration ?? 0;
  const sequences = iteration * config.training.batch_size;
  const recorder = openRecorder(folder.path, {
    config: storedConfig(config),
    run: folder.id,
    device,
    score: run.task.score,
    program: run.program,
    replicas,
    isNew: state === undefined,
    divergences: state?.divergences,
    start: { iteration, sequences, seconds: state?.seconds ?? 0, values: before },
  });
  const silence = new Promise<StopReason>((resolve) => signals.onSilence(resolve));
  let result: TrainResult | StopReason;
  try {
    const hooks = hooksOf(start, { recorder, progress, signals });
    result = await Promise.race([train({ ...trainOptions(start), hooks }), silence]);
  } catch (error) {
    progress.finish();
    recorder.abandon("failed", errorLine(error));
    throw error;
  }
  progress.finish();
  return typeof result === "string"
    ? giveUp(result, { folder: folder.path, start, recorder })
    : await endRun(result, { folder: folder.path, start, recorder });
}

/** Ends a run whose device does not answer: what it was asked for may never come. */
function giveUp(
  endReason: StopReason,
  { folder, start: { options: { output } }, recorder }: RunEnd,
): RunOutcome {
  const message = "the device does not answer: given up, resume from the last checkpoint";
  const { iteration: iterations, values: metrics, ...reached } = recorder.latest();
  recorder.abandon(endReason, message);
  output.say(`error: ${message}`);
  const exitCode = exitCodeOf(endReason);
  const ended = { endReason, exitCode, message, iterations, metrics, testEstimates: {} };
  return { folder, ...ended, ...reached };
}

interface RunEnd {
  readonly folder: string;
  readonly start: TrainingStart;
  readonly recorder: Recorder;
}

/** Writes the last status, then prints the result and draws the report. */
async function endRun(trained: TrainResult, { folder, start, recorder }: RunEnd) {
  const result = { ...trained, metrics: { ...start.before, ...trained.metrics } };
  try {
    // The status is written before the report, which may fail.
    recorder.end(result);
    return await reportResult(folder, result, start);
  } finally {
    if (result.engine !== start.prepared.engine) result.engine.close();
  }
}

function hooksOf(
  { prepared: { run, followed }, options, state, before }: TrainingStart,
  { recorder, progress, signals }: {
    recorder: Recorder;
    progress: ProgressReporter;
    signals: SignalWatch;
  },
): TrainHooks {
  const { config, abort, pauseAfter = Infinity, hooks = {} } = options;
  // At the end of a training there is nothing to pause.
  const pause = pauseAfter < config.training.iterations ? pauseAfter : Infinity;
  let done = state?.iteration ?? 0;
  const { task } = run;
  const replicas = replicasOf(config);
  return {
    onRow(row) {
      recorder.row(row);
      hooks.onRow?.(row);
    },
    shouldStop: () =>
      signals.reason() ??
        (abort?.aborted ? "interrupted" : done >= pause ? "preempted" : undefined),
    onProgress(row) {
      // After the row of this iteration, which belongs to the run that pauses here.
      done = row.iteration;
      progress.update(snapshot(row, { config, before, task, replicas }));
      hooks.onProgress?.(row);
    },
    onLevel: recorder.level,
    onDiverged(divergence) {
      recorder.diverged(divergence);
      progress.message(divergenceText(divergence, { config, replicas }));
    },
    onBest(best, state) {
      const content = checkpointOf(state, { config, ...run });
      recorder.best(best, { content, metric: followed.keepBest! });
    },
    onCheckpoint: (state) => recorder.checkpoint(checkpointOf(state, { config, ...run })),
  };
}

function trainOptions(
  { prepared: { engine, run, followed, prepare }, options: { config, verify }, state, best }:
    TrainingStart,
): TrainOptions {
  const replicas = replicasOf(config);
  const { training } = config;
  const [loss, intervals] = [training.early_stop_loss, training.early_stop_intervals];
  return {
    engine,
    task: run.tasks,
    loss: run.loss,
    prepare,
    openBatches: drawAhead(
      replicas.map((replica) => configOf(config, replica).task),
      config.catalogue.own.task,
    ),
    ...verify ? { verify } : {},
    seeds: replicas.map(({ seed }) => seed),
    iterations: training.iterations,
    logEvery: training.log_every,
    evaluationSequences: training.evaluation_sequences,
    testSequences: training.test_sequences,
    checkpointEvery: training.checkpoint_every,
    earlyCheckpoint,
    ...loss > 0 ? { earlyStop: { loss, intervals } } : {},
    ...followed,
    ...best ? { best } : {},
    ...state ? { resume: state } : {},
  };
}

/** Prints the result and draws the report. */
async function reportResult(
  folder: string,
  result: TrainResult,
  {
    prepared: { followed, run: { tasks, model } },
    options: { config, output, writeReport, writeSamples },
  }: TrainingStart,
): Promise<RunOutcome> {
  const replicas = replicasOf(config);
  const { engine, testCounts: _, ...ended } = result;
  const outcome = { folder, ...ended, exitCode: exitCodeOf(ended.endReason) };
  const { keepBest } = followed;
  for (const line of resultLines(result, { tasks, replicas, config, keepBest })) output.print(line);
  if (result.message !== undefined) output.say(`error: ${result.message}`);
  try {
    const intervals = intervalsOf(result.testEstimates[tasks[0]!.score] ?? []);
    const told = [...lineageLines(readLineage(folder)), ...bestNotes(result, keepBest)];
    await writeFigures(folder, { tasks, replicas, engine, model, intervals, told });
    if (isFinished(result.endReason)) await sample(folder, { writeSamples, output });
    const report = await writeReport(folder);
    output.print(`report: ${shortPath(report)}`);
    return { ...outcome, report };
  } catch (error) {
    // The training is stored: a failed drawing does not hide its end reason.
    const message = `the run has ended, but its report could not be written: ${errorLine(error)}`;
    output.say(`error: ${message}`);
    const { exitCode } = outcome;
    return {
      ...outcome,
      message,
      exitCode: exitCode === exitCodes.ok ? exitCodes.failure : exitCode,
    };
  }
}

/** Which networks a report tests and draws. */
function bestNotes(
  { best, endReason }: TrainResult,
  keepBest: FollowedMetric | undefined,
): string[] {
  if (!best || !keepBest || !isFinished(endReason)) return [];
  const text = bestText({ metric: keepBest.name, iterations: best.iterations });
  return [`Tested and drawn: ${text}.`];
}

/** Prints what the first network writes. A report without texts is better than none, so their error is told. */
async function sample(
  folder: string,
  { writeSamples, output }: Pick<RecordOptions, "writeSamples" | "output">,
): Promise<void> {
  if (!writeSamples) return;
  try {
    for (const text of await writeSamples(folder)) {
      output.print(`text: ${plainText(JSON.stringify(text))}`);
    }
  } catch (error) {
    output.say(`note: the network writes no texts: ${errorLine(error)}`);
  }
}

/** What the progress line shows: loss, score of the task (held out if there is one), level passed. */
/** What a line of progress shows: means over replicas, or of a sweep those of its best point. */
function snapshot(
  { iteration, sequences, seconds, values: now }: TrainRow,
  { config, before, task: { score, loss: declared }, replicas }: {
    config: RunConfig;
    before: Metrics;
    task: Task;
    replicas: readonly Replica[];
  },
) {
  const { iterations } = config.training;
  const values = { ...before, ...now };
  const loss = values["train/loss"];
  const scored = values[`eval/${score}`] ?? values[`train/${score}`];
  const passed = values["curriculum/passed"];
  const shown = (name: string, metric: Metric): Record<string, number> => {
    const { better } = metricFacts(declared, name);
    return better && areSwept(replicas)
      ? { [`best_${name}`]: bestPoint(metric, replicas, better)?.value ?? NaN }
      : { [name]: meanOf(metric) };
  };
  return {
    iteration,
    iterations,
    sequences: sequences * replicas.length,
    seconds,
    values: {
      ...loss === undefined ? {} : shown("loss", loss),
      ...scored === undefined ? {} : shown(score, scored),
      ...passed === undefined ? {} : { passed: meanOf(passed) },
    },
    units: unitsOf(declared, ["loss", score]),
  };
}

/** The units of metrics that have one. */
const unitsOf = (loss: Loss, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => {
    const { unit } = metricFacts(loss, name);
    return unit === undefined ? [] : [[name, unit], [`best_${name}`, unit]];
  }));

/** The intervals of a metric, [P]; undefined if a replica has none. */
function intervalsOf(estimates: readonly Estimate[]): readonly Interval[] | undefined {
  const intervals = estimates.flatMap(({ interval }) => interval ? [interval] : []);
  return intervals.length > 0 && intervals.length === estimates.length ? intervals : undefined;
}
