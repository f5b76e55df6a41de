/** The options of a command that uses a stored run, for code of one's own that the run needs. */
import { message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { type EntrySection, isFileName } from "../config/catalogue.ts";
import { loadOwnEntries } from "../config/build/load_own_entries.ts";
import { UsageError } from "../config/usage_error.ts";
import type { OwnCode } from "../store/stored_code.ts";
import { codeFiles, file } from "./completion/values.ts";

/** An option for the file of an entry of one's own. */
const fileOption = (section: EntrySection, which: string) =>
  optional(option(`--${section}`, file(codeFiles), {
    description: message`The file of ${text(which)}`,
  }));

/** Fields of the `object` of a command line: files of entries. */
export const entryOptions = {
  task: fileOption("task", "a task of your own"),
  model: fileOption("model", "a model of your own"),
  updater: fileOption("updater", "a learning rule of your own"),
} as const;

/** Fields of the `object` of a command on a run. */
export const codeOptions = {
  task: fileOption("task", "the task, for a run with a task of your own"),
  model: fileOption("model", "the model, for a run with a model of your own"),
  updater: fileOption("updater", "the updater, for a run with a learning rule of your own"),
  allowChangedCode: option("--allow-changed-code", {
    description: message`Use these files though they have changed since the run began`,
  }),
} as const;

interface CodeChoice {
  readonly task?: string | undefined;
  readonly model?: string | undefined;
  readonly updater?: string | undefined;
  readonly allowChangedCode: boolean;
}

/** Loads the files of a command line. @throws UsageError in one line if one of them cannot be used. */
export async function loadCode(
  { task, model, updater, allowChangedCode }: CodeChoice,
): Promise<OwnCode> {
  const files = Object.entries({ task, model, updater })
    .filter((entry): entry is [string, string] => entry[1] !== undefined);
  for (const [section, path] of files) {
    if (isFileName(path)) continue;
    throw new UsageError(`--${section} ${path}: expected a file that ends in .ts or .js`);
  }
  return { own: await loadOwnEntries(Object.fromEntries(files)), allowChanged: allowChangedCode };
}
