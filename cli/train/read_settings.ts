/** Reads the options of `train`: code of one's own first, since its settings are options. */
import type { Assignment } from "../../config/assignment.ts";
import { Catalogue, type OwnEntries } from "../../config/catalogue.ts";
import { readConfigFile } from "../../config/config_file.ts";
import { type EntryFiles, loadOwnEntries } from "../../config/build/load_own_entries.ts";
import type { CommandTitle } from "../command.ts";
import { parseOptions } from "../parse_options.ts";
import { chooseEntries } from "./choose_entries.ts";
import { entryFiles, typedNames } from "./entry_files.ts";
import { settingFlags } from "./flags.ts";
import { asksForHelp, printHelp } from "./help_pages.ts";
import { takeIdleOptions } from "./idle_options.ts";
import {
  completeArguments,
  type TrainArguments,
  trainFooter,
  trainParser,
  typedAssignments,
} from "./options.ts";

/** What a command line of `train` asks for. */
export interface TrainRequest {
  readonly values: TrainArguments;
  /** Settings of config files and flags, weakest first. */
  readonly asked: readonly Assignment[];
  /** The files of the code that it names, and what they hold. */
  readonly files: EntryFiles;
  readonly own: OwnEntries;
  /** A line for each option that does nothing here. */
  readonly notes: readonly string[];
}

/** @returns undefined if `--help` was given and is shown. @throws UsageError */
export async function readTrainRequest(
  args: readonly string[],
  title: CommandTitle,
): Promise<TrainRequest | undefined> {
  const names = await typedNames(args);
  const files = entryFiles(names);
  const own = await loadOwnEntries(files);
  const catalogue = new Catalogue(own);
  if (asksForHelp(args)) {
    const choice = chooseEntries(names, { args, catalogue });
    printHelp({ args, catalogue, choice, title });
    return undefined;
  }
  const flags = settingFlags(catalogue);
  const { others, notes } = takeIdleOptions(args, flags);
  const words = completeArguments(others, flags);
  const values = parseOptions(trainParser(flags), words, { ...title, footer: trainFooter });
  if (!values) return undefined;
  const configs = await Promise.all(values.config.map(readConfigFile));
  const asked = [...configs.flat(), ...typedAssignments(values, { args: others, flags })];
  return { values, asked, files, own, notes };
}
