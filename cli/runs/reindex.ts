/** `runs reindex`: makes the index of a folder anew. */
import { resolve } from "node:path";
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { withDefault } from "@optique/core/modifiers";
import { argument } from "@optique/core/primitives";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { reindexRuns } from "../../store/index/list_runs.ts";
import { indexPath } from "../../store/index/run_index.ts";
import { shortPath } from "../../store/short_path.ts";
import type { Command } from "../command.ts";
import { footerOf } from "../help.ts";
import { parseOptions } from "../parse_options.ts";
import { defaultRoot } from "./selection.ts";
import { folder } from "../completion/values.ts";

const options = object({
  root: withDefault(
    argument(folder(), { description: message`Folder of the runs` }),
    defaultRoot,
  ),
});

const footer = footerOf({
  about:
    "Reads the folders of all runs below DIR and writes DIR/hebb-index.sqlite anew, also over a damaged one. " +
    "Lists compare the index with the folders, so this is needed only where a list says so.",
  examples: ["runs reindex", "runs reindex runs/cells"],
  exitCodes: "0 written, 1 failure, 2 usage",
});

export const reindex: Command = (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (values) {
    const count = reindexRuns(values.root);
    const path = shortPath(resolve(indexPath(values.root)));
    console.log(`${path}: ${count} ${count === 1 ? "run" : "runs"}`);
  }
  return Promise.resolve(exitCodes.ok);
};
