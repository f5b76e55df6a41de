/** Opens a training: all that can be checked is checked, and nothing is written yet. */
import { sampleRun } from "../analysis/samples/sample_run.ts";
import { storeSamples } from "../analysis/samples/samples_file.ts";
import { createVerifier } from "../analysis/evaluate/verify_level.ts";
import {
  describeMemory,
  describeParameters,
  describeSweep,
  withKeptStates,
} from "../config/build/memory.ts";
import { prepareRun } from "../config/build/prepare_run.ts";
import type { OwnFigure } from "../report/own_figures.ts";
import { writeReport } from "../report/write_report.ts";
import { requireReadableCheckpoint } from "../store/checkpoint_size.ts";
import { lineageLines } from "../store/lineage.ts";
import type { RunStart } from "../store/run_start.ts";
import { checkFolder, type FolderChoice } from "../store/folder.ts";
import type { RunOutcome } from "../store/run_outcome.ts";
import { trainInFolder, type TrainInFolderOptions } from "../store/train_in_folder.ts";
import type { ResolvedRun } from "./resolve_run.ts";

/** How an open training goes on. */
export interface TrainingChoice extends
  Pick<
    TrainInFolderOptions,
    "progress" | "commandLine" | "signals" | "abort" | "pauseAfter" | "hooks"
  > {
  /** Figures for the report, from the folder of the run that has ended. Default: none. */
  readonly figures?: (folder: string) => Promise<readonly OwnFigure[]>;
}

/** Those of a run before it went on would show what it no longer is. */
const noFigures = () => Promise.resolve([]);

/** A training whose device is open and whose memory is taken. */
export interface OpenTraining {
  /** Trains in the folder. */
  train(choice: TrainingChoice): Promise<RunOutcome>;
  [Symbol.dispose](): void;
}

/**
 * Checks the folder, opens the device, and says what will be trained.
 *
 * @throws UsageError if the folder or the network cannot be used.
 * @throws NoAdapterError if there is no such device.
 *
 *     using training = await openTraining(resolved, { out, resume: false, output });
 *     const { exitCode } = await training.train({ progress, commandLine });
 */
export async function openTraining(
  { config, notes, begin }: ResolvedRun,
  { out, resume, output }: FolderChoice & Pick<TrainInFolderOptions, "output">,
): Promise<OpenTraining> {
  const folder: FolderChoice = { out, resume };
  const { say } = output;
  checkFolder(config, folder, say);
  const prepared = await prepareRun(config, { say });
  const { run, engine, backend } = prepared;
  const verifier = createVerifier(config, backend);
  const close = () => {
    verifier?.close();
    engine.close();
    backend.close();
  };
  let start: RunStart | undefined;
  try {
    start = begin?.({ config, run });
    const sweep = describeSweep(config);
    const lines = [
      ...notes,
      describeParameters(run.model),
      ...sweep === undefined ? [] : [sweep],
      describeMemory(withKeptStates(engine.memory, config)),
      ...start ? [...lineageLines(start.lineage), ...start.notes ?? []] : [],
    ];
    for (const line of lines) say(line);
    const bytesOfNumber = backend.name === "reference" ? 8 : 4;
    requireReadableCheckpoint(run.program, { bytesOfNumber });
  } catch (error) {
    close();
    throw error;
  }
  return {
    train: ({ figures = noFigures, ...choice }) =>
      trainInFolder(prepared, {
        ...choice,
        ...folder,
        start,
        config,
        output,
        verify: verifier?.verify,
        ...run.task.samples?.prompts.length
          ? {
            async writeSamples(path) {
              const samples = await sampleRun(path, { config, backend });
              storeSamples(path, samples);
              return samples.networks[0]!.texts.map(({ text }) => text);
            },
          }
          : {},
        writeReport: async (path) => await writeReport(path, { figures: await figures(path) }),
      }),
    [Symbol.dispose]: close,
  };
}
