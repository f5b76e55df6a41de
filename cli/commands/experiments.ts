/** `experiments NAME`: trains the networks of a published experiment and compares the outcome. */
import { object } from "@optique/core/constructs";
import { lineBreak, message, text } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { deviceChoices } from "../../core/backends/open_backend.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { performExperiment } from "../../studies/perform_experiment.ts";
import type { Command } from "../command.ts";
import { displayModes } from "../../studies/jobs/jobs_display.ts";
import { parseOptions } from "../parse_options.ts";

const options = object({
  name: optional(argument(string({ metavar: "NAME" }), {
    description: message`Experiment; ${text("--list")} without a name lists them`,
  })),
  out: optional(option("--out", string({ metavar: "DIR" }), {
    description: message`Folder of all its runs [runs/NAME, with --published runs/NAME-published]`,
  })),
  iterations: optional(option("--iterations", integer({ metavar: "N", min: 1 }), {
    description: message`Updates of each run [as published]`,
  })),
  seeds: optional(option("--seeds", string({ metavar: "N,..." }), {
    description: message`Seeds; every network is trained with each [1; attractor: 1,2,3,4,5]`,
  })),
  jobs: optional(option("--jobs", integer({ metavar: "N", min: 1, max: 1024 }), {
    description: message`Processes at a time [one a core, or 1 with ${text("--device gpu")}]`,
  })),
  threads: withDefault(
    option("--threads", integer({ metavar: "N", min: 1, max: 256 }), {
      description: message`Most threads of a process on the cpu`,
    }),
    1,
  ),
  only: optional(option("--only", string({ metavar: "NAME,..." }), {
    description: message`These configurations or studies only, such as memo-ma-50-50`,
  })),
  device: withDefault(
    option("--device", choice(deviceChoices, { metavar: "DEVICE" }), {
      description: message`Where to train`,
    }),
    "cpu" as const,
  ),
  sideBySide: option("--side-by-side", {
    description:
      message`All seeds of a configuration in one run, good on a GPU [attractor: always]`,
  }),
  published: option("--published", {
    description: message`Begin and train as published, in a folder of its own, instead of faster`,
  }),
  untilReference: option("--until-reference", {
    description:
      message`Stop each run once it has passed the R of the published one; goes on without this`,
  }),
  progress: withDefault(
    option("--progress", choice(displayModes, { metavar: "MODE" }), {
      description: message`How progress is shown on standard error`,
    }),
    "auto" as const,
  ),
  dryRun: option("--dry-run", {
    description: message`List the runs, their state and the memory needed; start nothing`,
  }),
  list: option("--list", { description: message`List the configurations, by study` }),
  report: option("--report", {
    description: message`Write the report of what there is, also while runs go on; start nothing`,
  }),
});

const example = (line: string, end = lineBreak()) => message`${text(`  ${line}`)}${end}`;
const footer = message`${text("Examples:")}${lineBreak()}${
  example("hebb experiments hybrid --dry-run")
}${example("hebb experiments hybrid --seeds 1,2,3 --jobs 8")}${
  example("hebb experiments hybrid --only memo-ma-50-50,memo-mm-50-50 --seeds 1,2,3")
}${example("hebb experiments hybrid --published --until-reference")}${
  example("hebb experiments hybrid --report")
}${example("hebb experiments attractor --only memory-sweep,capacity")}${
  text(
    "A run that was stopped goes on when the command is given again, also with more iterations; what " +
      "is done is skipped. Exit codes: 0 ok, 1 a run failed or is not done, 2 usage, 75 preempted, 130 interrupted.",
  )
}`;

export const experiments: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  return values ? await performExperiment(values) : exitCodes.ok;
};
