/** `watch`: a page of the runs below a folder, while they train. */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { withDefault } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { integer } from "@optique/core/valueparser";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { serveRuns } from "../../watch/serve.ts";
import type { Command } from "../command.ts";
import { folder } from "../completion/values.ts";
import { footerOf, withShownDefault } from "../help.ts";
import { parseOptions } from "../parse_options.ts";
import { defaultRoot } from "../runs/selection.ts";

/** HEBB on the keys of a telephone. */
const usualPort = 4322;

const options = object({
  port: withShownDefault(
    option("--port", integer({ metavar: "N", min: 0, max: 65_535 }), {
      description: message`Port of the page; 0: any that is free`,
    }),
    usualPort,
  ),
  root: withDefault(
    argument(folder(), {
      description: message`Folder whose runs are shown, those of inner folders too`,
    }),
    defaultRoot,
  ),
});

const footer = footerOf({
  about:
    "Prints the address of a page that lists runs in progress and finished ones, with what they have done and how " +
    "long they still take. Runs that are ticked lay their curves over each other, which grow while they train. " +
    "Only this machine can open the page, and nothing is written. Ctrl-C ends it; the runs go on.",
  examples: ["watch", "watch runs/cells --port 0"],
  exitCodes: "0 ended by a signal, 1 failure, 2 usage or a port that is taken",
});

export const watch: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (!values) return exitCodes.ok;
  const end = new AbortController();
  const { url, count, finished } = serveRuns(values.root, { ...values, signal: end.signal });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => end.abort());
  }
  console.log(`${url} shows ${count} run${count === 1 ? "" : "s"} (Ctrl-C ends it)`);
  await finished;
  return exitCodes.ok;
};
