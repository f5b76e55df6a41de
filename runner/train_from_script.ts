/** Trains a run for a script: the parts of the command `train` without its command line. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../config/usage_error.ts";
import { quote } from "../config/plain_text.ts";
import { progressModes } from "../store/progress/progress.ts";
import { noOutput, scriptOutput } from "../store/run_output.ts";
import type { OwnCode } from "../store/stored_code.ts";
import { chosenEntries } from "./entry_choice.ts";
import { openTraining } from "./open_training.ts";
import { readRun } from "./read_run.ts";
import { resolveRun, resumeFolder } from "./resolve_run.ts";
import { scriptSettings } from "./script_settings.ts";
import { jupyterDisplay } from "./show_figure.ts";
import { showRun } from "./show_run.ts";
import type { TrainedRun } from "./trained_run.ts";
import type { TrainRunOptions } from "./train_run_options.ts";

/** See `trainRun`. */
export async function trainFromScript(options: TrainRunOptions): Promise<TrainedRun> {
  const settings = scriptSettings(options);
  const { model, task, updater, preset, out, progress = "auto" } = options;
  if (!progressModes.includes(progress)) {
    const modes = progressModes.join(", ");
    throw new UsageError(`progress: expected one of ${modes}, got ${quote(progress)}`);
  }
  const resume = resumeFolder({ resume: resumeText(options), out });
  const { own, names } = await chosenEntries({ model, task, updater });
  const code: OwnCode = { own, allowChanged: options.allowChangedCode ?? false };
  const { fork: forked, checkpoint = "newest", initFrom } = options;
  const fork = forked === undefined ? undefined : { folder: forked, checkpoint };
  const resolved = resolveRun([...names, ...settings], { preset, resume, fork, initFrom, code });
  const output = progress === "none" ? noOutput : scriptOutput;
  const folder = { out: resume ?? out, resume: resume !== undefined };
  using training = await openTraining(resolved, { ...folder, output });
  const { figures, signals, signal: abort, onProgress, onRow } = options;
  const outcome = await training.train({
    progress,
    commandLine: commandLine(),
    signals,
    abort,
    hooks: {
      ...onProgress ? { onProgress } : {},
      ...onRow ? { onRow } : {},
    },
    ...figures ? { figures: async (path) => await figures(readRun(path, code)) } : {},
  });
  const run = readRun(outcome.folder, code);
  return Object.assign({ ...outcome, run }, { [jupyterDisplay]: () => showRun(run) });
}

/** The folder to go on with; "" stands for `out` or the newest run, undefined for a new run. */
function resumeText({ resume = false }: TrainRunOptions): string | undefined {
  if (typeof resume !== "boolean") return resume;
  return resume ? "" : undefined;
}

/** The script and its arguments. */
function commandLine(): string[] {
  const { mainModule, args } = Deno;
  const script = mainModule.startsWith("file:")
    ? relative(Deno.cwd(), fileURLToPath(mainModule))
    : mainModule;
  return [script, ...args];
}
