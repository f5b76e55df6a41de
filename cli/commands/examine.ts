/** `examine DIR`: tests which memories the attractor networks of a run hold, and how far they reach. */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { argument, option } from "@optique/core/primitives";
import { integer } from "@optique/core/valueparser";
import { examinationPath } from "../../analysis/examine/examination.ts";
import { examineRun } from "../../analysis/examine/examine_run.ts";
import { onDevice } from "../../config/build/on_device.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { examinationLines } from "../../report/examination_lines.ts";
import { codeOptions, loadCode } from "../code_options.ts";
import type { Command } from "../command.ts";
import { deviceOptions } from "../device_options.ts";
import { footerOf, withShownDefault } from "../help.ts";
import { parseOptions } from "../parse_options.ts";
import { runFolder } from "../completion/values.ts";

const options = object({
  folder: argument(runFolder(), {
    description: message`Folder of the run; its newest checkpoint is examined`,
  }),
  tries: withShownDefault(
    option("--tries", integer({ metavar: "N", min: 1, max: 100_000 }), {
      description:
        message`Recalls that each network tries at each share of flipped bits; at least one a memory`,
    }),
    200,
  ),
  starts: withShownDefault(
    option("--starts", integer({ metavar: "N", min: 1, max: 100_000 }), {
      description:
        message`Random first states that each network starts from, to find its other stable states`,
    }),
    256,
  ),
  updater: codeOptions.updater,
  allowChangedCode: codeOptions.allowChangedCode,
  ...deviceOptions,
});

const footer = footerOf({
  about: "Measures how well each memory is kept, how often it is recalled from noise, flipped " +
    "inputs and flipped first states, and which stable states random starts lead to. Measures the " +
    "same with the matrices of the Hebb rule and of the pseudo-inverse in place of the learned " +
    "one. Writes all numbers to DIR/examination.json.",
  examples: ["examine runs/memories", "examine runs/memories --tries 1000 --threads 2"],
  exitCodes: "0 examined, 1 failure, 2 usage or a file that cannot be used",
});

export const examine: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (!values) return exitCodes.ok;
  const { folder, tries, starts } = values;
  const say = (line: string) => console.error(line);
  const examination = await examineRun(folder, {
    tries,
    starts,
    device: onDevice(values, say),
    code: await loadCode(values),
    say: (line) => say(`examining ${line}`),
  });
  console.log(examinationLines(examination).join("\n"));
  console.log(`examination: ${examinationPath(folder)}`);
  return exitCodes.ok;
};
