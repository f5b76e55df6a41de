/** `report DIR`: renders the report of a run again, from the files in its folder. */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { argument } from "@optique/core/primitives";
import { exitCodes } from "../../core/training/exit_codes.ts";
import type { Command } from "../command.ts";
import { footerOf } from "../help.ts";
import { parseOptions } from "../parse_options.ts";
import { writeReport } from "../../report/write_report.ts";
import { runFolder } from "../completion/values.ts";

const options = object({
  folder: argument(runFolder(), {
    description: message`Folder of the run; it may still be training`,
  }),
});

const footer = footerOf({
  about: "Reads the files in DIR and writes DIR/report.html, one page that needs no network. " +
    "Training writes it too; this command is for runs that were killed or are still going.",
  examples: ["report runs/mine"],
  exitCodes: "0 written, 1 failure, 2 usage or a file that cannot be used",
});

export const report: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (values) console.log(await writeReport(values.folder));
  return exitCodes.ok;
};
