/** `runs rm`: removes the folders of runs. */
import { resolve } from "node:path";
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { UsageError } from "../../config/usage_error.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { prepareRemoval } from "../../store/remove_run.ts";
import { shortPath } from "../../store/short_path.ts";
import type { Command } from "../command.ts";
import { footerOf } from "../help.ts";
import { parseOptions } from "../parse_options.ts";
import { rootOption, runFolder } from "./selection.ts";
import { runFolder as runArgument } from "../completion/values.ts";

const options = object({
  yes: option("--yes", { description: message`Remove them without asking` }),
  ...rootOption,
  names: multiple(
    argument(runArgument("RUN"), {
      description: message`Folder of a run, or its name below --dir`,
    }),
    { min: 1 },
  ),
});

const footer = footerOf({
  about:
    "Removes the folder of each run with all that is in it: metrics, checkpoints, reports. It cannot be undone. " +
    "A run that a process trains is refused, and so is a folder with another run in it; none is removed then.",
  examples: ["runs rm runs/mine", "runs rm 20300401T093000Z-recall runs/old --yes"],
  exitCodes: "0 removed, or kept as answered, 1 failure, 2 usage, or a run that may not be removed",
});

export const removeRuns: Command = (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (values) remove(values);
  return Promise.resolve(exitCodes.ok);
};

function remove({ names, root, yes }: { names: readonly string[]; root: string; yes: boolean }) {
  const folders = [...new Set(names.map((name) => resolve(runFolder(name, root))))];
  const removals: ReturnType<typeof prepareRemoval>[] = [];
  try {
    // All are locked before the first is removed.
    for (const folder of folders) removals.push(prepareRemoval(folder));
    if (!yes && !agrees(folders)) {
      console.error("nothing was removed");
      return;
    }
    for (const folder of folders) {
      removals.shift()!.remove();
      console.log(`removed ${shortPath(folder)}`);
    }
  } finally {
    for (const { keep } of removals) keep();
  }
}

/** Asks at the terminal. @throws UsageError if nobody is there to answer. */
function agrees(folders: readonly string[]): boolean {
  if (!Deno.stdin.isTerminal()) {
    throw new UsageError("runs rm: nobody can be asked here; --yes removes without asking");
  }
  for (const folder of folders) console.error(shortPath(folder));
  const what = folders.length === 1 ? "this run" : `these ${folders.length} runs`;
  return confirm(`Remove ${what} with all files?`);
}
