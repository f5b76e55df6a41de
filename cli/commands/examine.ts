/** `examine DIR`: tests which memories the attractor networks of a run hold, and how far they reach. */
import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { withDefault } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import type { Command } from "../command.ts";
import { deviceOptions } from "../device_options.ts";
import { parseOptions } from "../parse_options.ts";

const name = "examine";
const summary = "Test which memories the attractor networks of a run hold, and how far they reach";

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

export const examine: Command = {
  name,
  summary,
  async run(args) {
    const parsed = parseOptions(options, args, { name, summary, footer });
    if ("exitCode" in parsed) return parsed.exitCode;
    // The models and backends are not needed to list the commands.
    const { runExamine } = await import("../examine/run_examine.ts");
    return runExamine(parsed.values);
  },
};
