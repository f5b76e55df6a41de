/** `report DIR`: renders the report of a run again, from the files in its folder. */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { argument } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import { exitCodes } from "../../core/training/exit_codes.ts";
import type { Command } from "../command.ts";
import { parseOptions } from "../parse_options.ts";
import { writeReport } from "../../report/write_report.ts";

const name = "report";
const summary = "Render report.html of a run again";

const options = object({
  folder: argument(string({ metavar: "DIR" }), { description: message`Folder of the run` }),
});

export const report: Command = {
  name,
  summary,
  async run(args) {
    const parsed = parseOptions(options, args, { name, summary });
    if ("exitCode" in parsed) return parsed.exitCode;
    try {
      console.log(await writeReport(parsed.values.folder));
      return exitCodes.ok;
    } catch (error) {
      const { message } = error as Error;
      console.error(`error: ${message.replace(/\s*\n\s*/g, " ")}`);
      const isUnusable = error instanceof Deno.errors.NotFound || error instanceof SyntaxError ||
        error instanceof TypeError || error instanceof Deno.errors.NotADirectory;
      return isUnusable ? exitCodes.usage : exitCodes.failure;
    }
  },
};
