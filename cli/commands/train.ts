/** `train`: trains a network and leaves a run folder with a report. */
import { quote } from "../../config/plain_text.ts";
import { createVerifier } from "../../analysis/evaluate/verify_level.ts";
import {
  describeMemory,
  describeParameters,
  describeSweep,
  withKeptStates,
} from "../../config/build/memory.ts";
import { loadOwnEntries } from "../../config/build/load_own_entries.ts";
import { prepareRun } from "../../config/build/prepare_run.ts";
import { Catalogue, type OwnEntries } from "../../config/catalogue.ts";
import { readConfigFile } from "../../config/config_file.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { UsageError } from "../../config/usage_error.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { writeReport } from "../../report/write_report.ts";
import { requireReadableCheckpoint } from "../../store/checkpoint_size.ts";
import { checkFolder } from "../../store/folder.ts";
import { newestRun, resumedConfig } from "../../store/resume.ts";
import { storedConfig } from "../../store/stored_code.ts";
import { trainInFolder } from "../../store/train_in_folder.ts";
import type { Command } from "../command.ts";
import { parseOptions } from "../parse_options.ts";
import { entryFiles } from "../train/entry_files.ts";
import { type SettingFlag, settingFlags } from "../train/flags.ts";
import {
  completeArguments,
  type TrainArguments,
  trainFooter,
  trainParser,
  typedAssignments,
} from "../train/options.ts";

const say = (line: string) => console.error(line);

export const train: Command = async (args, title) => {
  const own = await loadOwnEntries(await entryFiles(args));
  const flags = settingFlags(new Catalogue(own));
  const words = completeArguments(args, flags);
  const values = parseOptions(trainParser(flags), words, { ...title, footer: trainFooter });
  if (!values) return exitCodes.ok;
  requireTraining(values);
  const folder = resumeFolder(values);
  const { config, notes } = await resolve(values, { args, flags, own, resume: folder });
  const choice = { out: folder ?? values.out, resume: folder !== undefined };
  checkFolder(config, choice);
  const prepared = await prepareRun(config, { say });
  const { run, engine, backend } = prepared;
  const verifier = createVerifier(config, backend);
  try {
    for (const note of notes) say(note);
    say(describeParameters(run.model));
    const sweep = describeSweep(config);
    if (sweep !== undefined) say(sweep);
    say(describeMemory(withKeptStates(engine.memory)));
    const bytesOfNumber = backend.name === "reference" ? 8 : 4;
    requireReadableCheckpoint(run.program, { bytesOfNumber });
    if (values.dryRun) {
      console.log(JSON.stringify(storedConfig(config), null, 2));
      return exitCodes.ok;
    }
    return await trainInFolder(prepared, {
      ...choice,
      config,
      progress: values.progress,
      commandLine: ["hebb", title.name, ...args],
      verify: verifier?.verify,
      writeReport,
    });
  } finally {
    verifier?.close();
    engine.close();
    backend.close();
  }
};

/** The published program has one command and a `--mode`; here only the mode train is accepted. */
function requireTraining({ mode }: TrainArguments): void {
  if (mode === undefined || mode === "train") return;
  const hint = mode === "visualize" ? "; what a run has learned is drawn by `visualize DIR`" : "";
  throw new UsageError(`--mode: expected train, got ${quote(mode)}${hint}`);
}

function resumeFolder({ resume, out }: TrainArguments): string | undefined {
  if (out === "") throw new UsageError("--out: expected the name of a folder, got an empty text");
  if (resume === undefined) return undefined;
  if (resume !== "" && out !== undefined && resume !== out) {
    throw new UsageError(`--resume ${resume} and --out ${out} are two folders, expected one`);
  }
  return resume !== "" ? resume : out ?? newestRun();
}

async function resolve(
  values: TrainArguments,
  { args, flags, own, resume }: {
    args: readonly string[];
    flags: readonly SettingFlag[];
    own: OwnEntries;
    resume: string | undefined;
  },
): Promise<{ config: RunConfig; notes: readonly string[] }> {
  const asked = [
    ...(await Promise.all(values.config.map(readConfigFile))).flat(),
    ...typedAssignments(values, { args, flags }),
  ];
  if (resume === undefined) {
    return resolveConfig(asked, { preset: values.preset, catalogue: new Catalogue(own) });
  }
  if (values.preset !== undefined) {
    throw new UsageError("--preset: a resumed run has its settings already");
  }
  return resumedConfig(resume, asked, { own, allowChanged: values.allowChangedCode });
}
