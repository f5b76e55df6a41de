/** Trains, records rows, checkpoints and levels in a folder, and writes a report at the end. */
import type { Loss } from "../core/losses/loss.ts";
import { metricFacts } from "../core/losses/metric_facts.ts";
import type { Interval } from "../core/numerics/statistics.ts";
import type { Estimate } from "../core/training/sequence_counts.ts";
import { drawAhead } from "../config/build/draw_ahead.ts";
import type { PreparedRun } from "../config/build/prepare_run.ts";
import { errorLine } from "../config/error_line.ts";
import { configOf, replicasOf } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import { exitCodeOf, exitCodes } from "../core/training/exit_codes.ts";
import { meanOf, type Metrics } from "../core/training/sums.ts";
import type { Task } from "../core/training/task.ts";
import { train } from "../core/training/train.ts";
import type {
  TrainHooks,
  TrainOptions,
  TrainResult,
  TrainRow,
  TrainState,
} from "../core/training/train_options.ts";
import { divergenceText } from "./divergence_text.ts";
import { writeFigures } from "./figures_file.ts";
import type { RunFolder } from "./files/run_folder.ts";
import type { ProgressReporter } from "./progress/progress.ts";
import type { SignalWatch } from "./progress/signals.ts";
import { openRecorder, type Recorder } from "./recorder.ts";
import { resultLines } from "./result_lines.ts";
import { shortPath } from "./short_path.ts";
import { checkpointOf } from "./state_file.ts";

export interface RecordOptions {
  readonly config: RunConfig;
  /** A check on fresh sequences before a level counts as passed. */
  readonly verify: TrainOptions["verify"];
  /** Draws the report of a folder. @returns the path of the page. */
  readonly writeReport: (folder: string) => Promise<string>;
}

/** What the training of an open folder starts from. */
export interface TrainingStart {
  readonly prepared: PreparedRun;
  readonly options: RecordOptions;
  /** The state to resume from; undefined: a new run. */
  readonly state: TrainState | undefined;
  /** Metrics at the checkpoint. */
  readonly before: Metrics;
}

/**
 * Trains, then prints the result and draws the report.
 *
 * @param options.signals are asked between chunks.
 * @returns the exit code: that of the end reason, or a failure if only the report failed.
 */
export async function trainAndReport(
  folder: RunFolder,
  start: TrainingStart,
  { progress, signals }: { progress: ProgressReporter; signals: SignalWatch },
): Promise<number> {
  const { prepared: { engine, device, run }, options: { config }, state, before } = start;
  const replicas = replicasOf(config);
  const iteration = state?.iteration ?? 0;
  const sequences = iteration * config.training.batch_size;
  const recorder = openRecorder(folder.path, {
    run: folder.id,
    device,
    program: run.program,
    replicas,
    isNew: state === undefined,
    divergences: state?.divergences,
    start: { iteration, sequences, seconds: state?.seconds ?? 0, values: before },
  });
  signals.onSilence((reason) => {
    progress.finish();
    const message = "the device does not answer: given up, resume from the last checkpoint";
    recorder.abandon(reason, message);
    console.error(`error: ${message}`);
    Deno.exit(exitCodeOf(reason));
  });
  let result: TrainResult;
  try {
    const hooks = hooksOf(start, { recorder, progress });
    result = await train({
      ...trainOptions(start),
      hooks: { ...hooks, shouldStop: signals.reason },
    });
  } catch (error) {
    progress.finish();
    recorder.abandon("failed", (error as Error).message);
    throw error;
  }
  progress.finish();
  result = { ...result, metrics: { ...before, ...result.metrics } };
  try {
    // The status is written before the report, which may fail.
    recorder.end(result);
    return await reportResult(folder.path, result, start);
  } finally {
    if (result.engine !== engine) result.engine.close();
  }
}

function hooksOf(
  { prepared: { run: { task, program } }, options: { config }, before }: TrainingStart,
  { recorder, progress }: { recorder: Recorder; progress: ProgressReporter },
): TrainHooks {
  const all = replicasOf(config);
  const replicas = all.length;
  return {
    onRow: recorder.row,
    onProgress: (row) => progress.update(snapshot(row, { config, before, task, replicas })),
    onLevel: recorder.level,
    onDiverged(divergence) {
      recorder.diverged(divergence);
      progress.message(divergenceText(divergence, { config, replicas: all }));
    },
    onCheckpoint: (state) => recorder.checkpoint(checkpointOf(state, { config, program })),
  };
}

function trainOptions(
  { prepared: { engine, run, prepare }, options: { config, verify }, state }: TrainingStart,
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
    ...loss > 0 ? { earlyStop: { loss, intervals } } : {},
    ...state ? { resume: state } : {},
  };
}

/** Prints the result and draws the report. @returns the exit code. */
async function reportResult(
  folder: string,
  result: TrainResult,
  { prepared: { run: { tasks, model } }, options: { config, writeReport } }: TrainingStart,
): Promise<number> {
  const replicas = replicasOf(config);
  const exitCode = exitCodeOf(result.endReason);
  console.log(resultLines(result, { tasks, replicas, config }).join("\n"));
  if (result.message !== undefined) console.error(`error: ${result.message}`);
  try {
    const intervals = intervalsOf(result.testEstimates[tasks[0]!.score] ?? []);
    await writeFigures(folder, { tasks, replicas, engine: result.engine, model, intervals });
    console.log(`report: ${shortPath(await writeReport(folder))}`);
    return exitCode;
  } catch (error) {
    // The training is stored: a failed drawing does not hide its end reason.
    const problem = "the run has ended, but its report could not be written";
    console.error(`error: ${problem}: ${errorLine(error)}`);
    return exitCode === exitCodes.ok ? exitCodes.failure : exitCode;
  }
}

/** What the progress line shows: loss, score of the task (held out if there is one), level passed. */
function snapshot(
  { iteration, sequences, seconds, values: now }: TrainRow,
  { config, before, task: { score, loss: declared }, replicas }: {
    config: RunConfig;
    before: Metrics;
    task: Task;
    replicas: number;
  },
) {
  const { iterations } = config.training;
  const values = { ...before, ...now };
  const loss = values["train/loss"];
  const scored = values[`eval/${score}`] ?? values[`train/${score}`];
  const passed = values["curriculum/passed"];
  return {
    iteration,
    iterations,
    sequences: sequences * replicas,
    seconds,
    values: {
      ...loss === undefined ? {} : { loss: meanOf(loss) },
      ...scored === undefined ? {} : { [score]: meanOf(scored) },
      ...passed === undefined ? {} : { passed: meanOf(passed) },
    },
    units: unitsOf(declared, ["loss", score]),
  };
}

/** The units of metrics that have one. */
const unitsOf = (loss: Loss, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => {
    const { unit } = metricFacts(loss, name);
    return unit === undefined ? [] : [[name, unit]];
  }));

/** The intervals of a metric, [P]; undefined if a replica has none. */
function intervalsOf(estimates: readonly Estimate[]): readonly Interval[] | undefined {
  const intervals = estimates.flatMap(({ interval }) => interval ? [interval] : []);
  return intervals.length > 0 && intervals.length === estimates.length ? intervals : undefined;
}
