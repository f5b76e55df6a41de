/** `examine DIR`: tests which memories the attractor networks of a run hold, and how far they reach. */
import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { withDefault } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import { examinationPath } from "../../analysis/examine/examination.ts";
import { examineRun } from "../../analysis/examine/examine_run.ts";
import { onDevice } from "../../config/build/on_device.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { examinationLines } from "../../report/examination_lines.ts";
import type { Command } from "../command.ts";
import { deviceOptions } from "../device_options.ts";
import { parseOptions } from "../parse_options.ts";

const options = object({
  folder: argument(string({ metavar: "DIR" }), {
    description: message`Folder of the run; its newest checkpoint is examined`,
  }),
  tries: withDefault(
    option("--tries", integer({ metavar: "N", min: 1, max: 100_000 }), {
      description:
        message`Tries of each network for each share of flipped bits, at least one a memory`,
    }),
    200,
  ),
  starts: withDefault(
    option("--starts", integer({ metavar: "N", min: 1, max: 100_000 }), {
      description: message`Random first states of each network, to find what else is stable`,
    }),
    256,
  ),
  ...deviceOptions,
});

const footer = message`${
  text(
    "Writes examination.json into DIR: what is kept of each memory, recall from noise, flipped inputs " +
      "and flipped first states, the stable states that random starts find, and the same with the " +
      "matrices of the Hebb rule and the pseudo-inverse in place of the learned one. Exit codes: 0 " +
      "examined, 1 failure, 2 usage or a file that cannot be used.",
  )
}`;

export const examine: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (!values) return exitCodes.ok;
  const { folder, tries, starts } = values;
  const say = (line: string) => console.error(line);
  const examination = await examineRun(folder, {
    tries,
    starts,
    device: onDevice(values, say),
    say: (line) => say(`examining ${line}`),
  });
  console.log(examinationLines(examination).join("\n"));
  console.log(`examination: ${examinationPath(folder)}`);
  return exitCodes.ok;
};
