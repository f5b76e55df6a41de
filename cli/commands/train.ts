/** `train`: trains a network and leaves a run folder with a report. */
import type { Assignment } from "../../config/assignment.ts";
import { quote } from "../../config/plain_text.ts";
import { tablesOnly } from "../../config/catalogue.ts";
import { UsageError } from "../../config/usage_error.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import type { ForkChoice } from "../../runner/resolve_run.ts";
import { commandOutput } from "../../store/run_output.ts";
import { storedConfig } from "../../store/stored_code.ts";
import type { Command, CommandTitle } from "../command.ts";
import { parseOptions } from "../parse_options.ts";
import { downloadDataset } from "../../tasks/text/download_dataset.ts";
import { chooseEntries } from "../train/choose_entries.ts";
import { typedNames } from "../train/entry_files.ts";
import { settingFlags } from "../train/flags.ts";
import { completeArguments, type TrainArguments, trainParser } from "../train/options.ts";
import { withTaskOf } from "../train/published_dataset.ts";
import { readTrainRequest } from "../train/read_settings.ts";

export const train: Command = async (typed, title) => {
  const args = withTaskOf(typed);
  if (title.complete) return await completeTraining(args, title);
  const request = await readTrainRequest(args, title);
  if (!request) return exitCodes.ok;
  const { values, asked, own, notes } = request;
  requireTraining(values);
  // Help and completion need no stored runs, devices and reports.
  const { resolveRun, resumeFolder } = await import("../../runner/resolve_run.ts");
  const resume = resumeFolder(values);
  const { preset, initFrom, allowChangedCode: allowChanged } = values;
  if (values.download) await download(asked);
  const fork = await forkChoice(values);
  const resolved = resolveRun(asked, {
    preset,
    resume,
    fork,
    initFrom,
    code: { own, allowChanged },
  });
  const folder = { out: resume ?? values.out, resume: resume !== undefined };
  const { openTraining } = await import("../../runner/open_training.ts");
  const told = { ...resolved, notes: [...notes, ...resolved.notes] };
  using training = await openTraining(told, { ...folder, output: commandOutput });
  if (values.dryRun) {
    console.log(JSON.stringify(storedConfig(resolved.config), null, 2));
    return exitCodes.ok;
  }
  const { progress, pauseAfter } = values;
  const commandLine = ["hebb", title.name, ...typed];
  const { exitCode } = await training.train({ progress, pauseAfter, commandLine });
  return exitCode;
};

/** Completes the last argument. No code of a file runs for that, so its settings are not known. */
async function completeTraining(args: readonly string[], title: CommandTitle): Promise<number> {
  const choice = await typedNames(args).then(
    (names) => chooseEntries(names, { args, catalogue: tablesOnly }),
  ).catch(() => undefined);
  const flags = settingFlags(tablesOnly, choice);
  const words = completeArguments(args.slice(0, -1), flags);
  parseOptions(trainParser(flags), [...words, args.at(-1) ?? ""], title);
  return exitCodes.ok;
}

/** The run that a new one begins from. @throws UsageError */
async function forkChoice(
  { fork, checkpoint }: TrainArguments,
): Promise<ForkChoice | undefined> {
  if (fork !== undefined) {
    const { parseCheckpointChoice } = await import("../../store/judged_checkpoint.ts");
    return { folder: fork, checkpoint: parseCheckpointChoice(checkpoint ?? "newest") };
  }
  if (checkpoint === undefined) return undefined;
  throw new UsageError("--checkpoint has no meaning here: it is for --fork");
}

/** The published program has one command and a `--mode`; here only the mode train is accepted. */
function requireTraining({ mode }: TrainArguments): void {
  if (mode === undefined || mode === "train") return;
  const hint = mode === "visualize" ? "; what a run has learned is drawn by `visualize DIR`" : "";
  throw new UsageError(`--mode: expected train, got ${quote(mode)}${hint}`);
}

/** Fetches the data set that settings name. @throws UsageError */
async function download(asked: readonly Assignment[]): Promise<void> {
  const named = asked.findLast(({ section, key }) => section === "task" && key === "dataset");
  try {
    await downloadDataset(String(named?.value ?? ""), { say: commandOutput.say });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}
