/** Trains inside a run folder: rows, checkpoints and status while it runs, a report at the end. */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { writeConfig } from "../../runs/files/config_file.ts";
import { describeEnvironment, writeEnvironment } from "../../runs/files/environment.ts";
import { exitCodeOf, exitCodes } from "../../core/training/exit_codes.ts";
import { createProgress, type ProgressMode } from "../../runs/progress/progress.ts";
import type { RunFolder } from "../../runs/files/run_folder.ts";
import { meanOf, type Metrics } from "../../core/training/sums.ts";
import { train } from "../../core/training/train.ts";
import type {
  StopReason,
  TrainResult,
  TrainRow,
  TrainState,
} from "../../core/training/train_options.ts";
import settings from "../../deno.json" with { type: "json" };
import { configOf, replicasOf } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { type FolderChoice, openFolder, readCheckpointOf, readRows } from "../../runs/folder.ts";
import { drawAhead } from "./draw_ahead.ts";
import { writeBounds, writeFigures } from "../../runs/figures_file.ts";
import type { PreparedRun } from "../../config/build/prepare_run.ts";
import { dropLevelsAfter } from "../../runs/level_files.ts";
import { openRecorder } from "../../runs/recorder.ts";
import { resultLines } from "./results.ts";
import { watchSignals } from "../../runs/progress/signals.ts";
import { checkpointOf, stateOf } from "../../runs/state_file.ts";
import { createVerifier } from "../../analysis/evaluate/verify_level.ts";
import { writeReport } from "../../report/write_report.ts";

export interface TrainInFolderOptions extends FolderChoice {
  readonly config: RunConfig;
  readonly progress: ProgressMode;
  readonly commandLine: readonly string[];
}

/**
 * @returns the exit code: that of the end reason, or a failure where only the report failed
 * @throws UsageError if the folder or its checkpoint cannot be used; nothing is written then.
 */
export async function trainInFolder(
  prepared: PreparedRun,
  options: TrainInFolderOptions,
): Promise<number> {
  const { config } = options;
  let announce = (text: string) => console.error(text);
  const signals = watchSignals((text) => announce(text));
  try {
    const folder = openFolder(config, options);
    try {
      const state = options.resume ? readState(folder.path, { prepared, config }) : undefined;
      if (options.resume) dropLevelsAfter(folder.path, state?.iteration ?? 0, replicasOf(config));
      const before = state ? lastRow(folder.path, state) : undefined;
      beginFolder(folder.path, { prepared, options });
      const batch = config.training.batch_size;
      const progress = createProgress({
        mode: options.progress,
        start: {
          iteration: state?.iteration ?? 0,
          sequences: (state?.iteration ?? 0) * batch * prepared.run.tasks.length,
        },
      });
      announce = (text) => progress.message(text);
      return await trainAndReport(folder, {
        prepared,
        config,
        state,
        progress,
        before: before?.values ?? {},
        shouldStop: signals.reason,
      });
    } finally {
      folder.close();
    }
  } finally {
    signals.close();
  }
}

/** The state to go on from; undefined for a run that was killed before its first checkpoint. */
function readState(
  folder: string,
  { prepared, config }: { prepared: PreparedRun; config: RunConfig },
): TrainState | undefined {
  const checkpoint = readCheckpointOf(folder);
  if (!checkpoint) {
    console.error(`${folder} has no checkpoint yet: starting from the beginning`);
    return undefined;
  }
  const precision = prepared.backend.name === "reference" ? "F64" : "F32";
  const state = stateOf(checkpoint, { config, program: prepared.run.program, precision });
  console.error(`resuming from iteration ${state.iteration}`);
  return state;
}

/** What the metrics were at the checkpoint, until there are new ones. */
const lastRow = (folder: string, { iteration }: TrainState): TrainRow | undefined =>
  readRows(folder).findLast((row) => row.iteration <= iteration) as TrainRow | undefined;

function beginFolder(
  folder: string,
  { prepared, options }: { prepared: PreparedRun; options: TrainInFolderOptions },
): void {
  const { backend, reason, run } = prepared;
  // How long to train may change from start to start.
  writeConfig(folder, options.config);
  const environment = describeEnvironment({
    version: settings.version,
    device: { backend: backend.name, description: backend.description, reason },
    commandLine: options.commandLine,
  });
  writeEnvironment(folder, environment);
  // A run that goes on keeps its figures until it has newer ones.
  if (!options.resume || !existsSync(join(folder, "figures.json"))) writeBounds(folder, run.tasks);
}

async function trainAndReport(
  folder: RunFolder,
  { prepared, config, state, progress, before, shouldStop }: {
    prepared: PreparedRun;
    config: RunConfig;
    state: TrainState | undefined;
    progress: ReturnType<typeof createProgress>;
    before: Metrics;
    shouldStop: () => StopReason | undefined;
  },
): Promise<number> {
  const { device, run: { task, tasks, loss, program } } = prepared;
  const replicas = replicasOf(config);
  const { training } = config;
  const resumeAt = state?.iteration ?? 0;
  const recorder = openRecorder(folder.path, {
    run: folder.id,
    device,
    program,
    replicas,
    isNew: state === undefined,
    start: {
      iteration: resumeAt,
      sequences: resumeAt * training.batch_size,
      seconds: state?.seconds ?? 0,
      values: before,
    },
  });
  const show = (row: TrainRow) =>
    progress.update(
      snapshot(row, { config, before, score: task.score, replicas: replicas.length }),
    );
  const verifier = createVerifier(config, prepared.backend);
  let result: TrainResult;
  try {
    result = await train({
      engine: prepared.engine,
      task: tasks,
      loss,
      prepare: prepared.prepare,
      openBatches: drawAhead(replicas.map((replica) => configOf(config, replica).task)),
      ...verifier ? { verify: verifier.verify } : {},
      seeds: replicas.map(({ seed }) => seed),
      iterations: training.iterations,
      logEvery: training.log_every,
      evaluationSequences: training.evaluation_sequences,
      testSequences: training.test_sequences,
      checkpointEvery: training.checkpoint_every,
      ...training.early_stop_loss > 0
        ? {
          earlyStop: { loss: training.early_stop_loss, intervals: training.early_stop_intervals },
        }
        : {},
      ...state ? { resume: state } : {},
      hooks: {
        onRow: recorder.row,
        onProgress: show,
        onLevel: recorder.level,
        onCheckpoint: (next) => recorder.checkpoint(checkpointOf(next, { config, program })),
        shouldStop,
      },
    });
  } catch (error) {
    progress.finish();
    recorder.fail((error as Error).message);
    throw error;
  } finally {
    verifier?.close();
  }
  progress.finish();
  const final = { ...result, metrics: { ...before, ...result.metrics } };
  const exitCode = exitCodeOf(result.endReason);
  try {
    // What was trained is safe and told before anything is drawn.
    recorder.end(final);
    console.log(resultLines(final, { tasks, replicas }).join("\n"));
    if (result.message !== undefined) console.error(`error: ${result.message}`);
    try {
      await writeFigures(folder.path, { tasks, replicas, engine: result.engine });
      console.log(`report: ${shortPath(await writeReport(folder.path))}`);
      return exitCode;
    } catch (error) {
      const reason = (error as Error).message.replace(/\s*\n\s*/g, " ");
      console.error(`error: the run has ended, but its report could not be written: ${reason}`);
      return exitCode === exitCodes.ok ? exitCodes.failure : exitCode;
    }
  } finally {
    if (result.engine !== prepared.engine) result.engine.close();
  }
}

/** From here if it lies below, else as it is. */
function shortPath(path: string): string {
  const short = relative(Deno.cwd(), path);
  return short.startsWith("..") ? path : short;
}

/** The loss, the score of the task (held out where there is one) and the level passed. */
function snapshot(
  { iteration, sequences, seconds, values: now }: TrainRow,
  { config, before, score, replicas }: {
    config: RunConfig;
    before: Metrics;
    score: string;
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
      ...scored === undefined ? {} : { [score.replace("_accuracy", "")]: meanOf(scored) },
      ...passed === undefined ? {} : { passed: meanOf(passed) },
    },
  };
}
