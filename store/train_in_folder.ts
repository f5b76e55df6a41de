/** Trains inside a run folder: rows, checkpoints and status while it runs, a report at the end. */
import { join } from "node:path";
import type { PreparedRun } from "../config/build/prepare_run.ts";
import { replicasOf } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import type { Metrics } from "../core/training/sums.ts";
import type { TrainState } from "../core/training/train_options.ts";
import settings from "../deno.json" with { type: "json" };
import { writeBounds } from "./figures_file.ts";
import { storedConfig } from "./stored_code.ts";
import { writeConfig } from "./files/config_file.ts";
import { describeEnvironment, writeEnvironment } from "./files/environment.ts";
import type { MetricsRow } from "./files/metrics.ts";
import { plainFile } from "./files/plain_path.ts";
import { removeBest, storedBest } from "./best_file.ts";
import { writeCheckpoint } from "./files/checkpoint.ts";
import { lineageLines, readLineage, writeLineage } from "./lineage.ts";
import { type FolderChoice, lastRow, openFolder, readCheckpointOf } from "./folder.ts";
import { dropLevelsAfter } from "./level_files.ts";
import { createProgress, type ProgressMode } from "./progress/progress.ts";
import { noSignals, type SignalWatch, watchSignals } from "./progress/signals.ts";
import type { RunOutcome } from "./run_outcome.ts";
import type { RunOutput } from "./run_output.ts";
import type { RunStart } from "./run_start.ts";
import { checkpointOf, stateOf } from "./state_file.ts";
import { type RecordOptions, trainAndReport } from "./train_and_report.ts";

export interface TrainInFolderOptions extends FolderChoice, RecordOptions {
  readonly progress: ProgressMode;
  /** What a new run begins with; undefined: the draw of its seeds. */
  readonly start?: RunStart | undefined;
  /** false: signals do what they do without a run; default: they end it cleanly. */
  readonly signals?: boolean | undefined;
  /** Seconds that the device may be silent after a signal. */
  readonly patience?: number | undefined;
  /** As typed, for `environment.json`. */
  readonly commandLine: readonly string[];
}

/**
 * Opens or creates the folder of a run under its lock, trains in it, and ends cleanly on a signal.
 *
 * @throws UsageError if the folder or its checkpoint cannot be used; nothing is written then.
 */
export async function trainInFolder(
  prepared: PreparedRun,
  options: TrainInFolderOptions,
): Promise<RunOutcome> {
  const { config, output, patience } = options;
  let announce = output.say;
  const signals: SignalWatch = options.signals === false
    ? noSignals
    : await watchSignals((text) => announce(text), { patience });
  try {
    const folder = openFolder(config, options);
    try {
      const state = options.resume
        ? readState(folder.path, { prepared, config, output })
        : options.start && inPrecision(options.start.state, prepared);
      if (options.resume) dropLevelsAfter(folder.path, state?.iteration ?? 0, replicasOf(config));
      const before = state ? lastRow(folder.path, state.iteration)?.values : undefined;
      const isKept = prepared.followed.keepBest !== undefined;
      const { program } = prepared.run;
      const best = options.resume && state && isKept
        ? storedBest(folder.path, { config, program, say: output.say })
        : undefined;
      if (!best) removeBest(folder.path);
      if (options.start) writeLineage(folder.path, options.start.lineage);
      beginFolder(folder.path, { prepared, options });
      // A run that is killed soon goes on from here, not from the draw of its seeds.
      if (options.start) {
        writeCheckpoint(folder.path, checkpointOf(state!, { config, ...prepared.run }));
      }
      const progress = createProgress({
        mode: options.progress,
        start: { iteration: state?.iteration ?? 0 },
        write: output.write,
      });
      announce = (text) => progress.message(text);
      const start = { prepared, options, state, best, before: byReplica(before ?? {}) };
      return await trainAndReport(folder, start, { progress, signals });
    } finally {
      folder.close();
    }
  } finally {
    signals.close();
  }
}

/** The state to resume from; undefined for a run that was killed before its first checkpoint. */
function readState(
  folder: string,
  { prepared, config, output }: { prepared: PreparedRun; config: RunConfig; output: RunOutput },
): TrainState | undefined {
  const checkpoint = readCheckpointOf(folder);
  if (!checkpoint) {
    output.say(`${folder} has no checkpoint yet: starting from the beginning`);
    return undefined;
  }
  const precision = prepared.backend.name === "reference" ? "F64" : "F32";
  const state = stateOf(checkpoint, { config, program: prepared.run.program, precision });
  output.say(`resuming from iteration ${state.iteration}`);
  return state;
}

/** A state in the numbers that a device computes with. */
const inPrecision = (state: TrainState, { backend }: PreparedRun): TrainState => ({
  ...state,
  tensors: new Map([...state.tensors].map(([name, values]) => [
    name,
    backend.name === "reference" ? Float64Array.from(values) : Float32Array.from(values),
  ])),
});

/** Writes what is known before training: config, environment and bounds. */
function beginFolder(
  folder: string,
  { prepared, options }: { prepared: PreparedRun; options: TrainInFolderOptions },
): void {
  const { backend, reason, run } = prepared;
  // Written at every start: the length of training may have changed.
  writeConfig(folder, storedConfig(options.config));
  const environment = describeEnvironment({
    version: settings.version,
    device: { backend: backend.name, description: backend.description, reason },
    commandLine: options.commandLine,
  });
  writeEnvironment(folder, environment);
  // A resumed run keeps its figures until it has newer ones.
  if (!options.resume || plainFile(join(folder, "figures.json")) === null) {
    writeBounds(folder, run.tasks, lineageLines(readLineage(folder)));
  }
}

/** Metrics as files hold them, one number where there is one replica, as [P]. */
const byReplica = (values: MetricsRow["values"]): Metrics =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat()]));
