/** `experiments NAME`: trains the networks of a published experiment and compares the outcome. */
import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { deviceChoices } from "../../core/backends/open_backend.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { experiments as table } from "../../studies/mod.ts";
import { performExperiment } from "../../studies/perform_experiment.ts";
import type { Command } from "../command.ts";
import { displayModes } from "../../studies/jobs/jobs_display.ts";
import { anyOf, footerOf, withShownDefault } from "../help.ts";
import { parseOptions } from "../parse_options.ts";

const options = object({
  name: optional(argument(string({ metavar: "NAME" }), {
    description: message`Experiment: ${anyOf(Object.keys(table))}; ${
      text("--list")
    } alone says what they are`,
  })),
  out: optional(option("--out", string({ metavar: "DIR" }), {
    description: message`Folder of all runs [runs/NAME, with --published runs/NAME-published]`,
  })),
  iterations: optional(option("--iterations", integer({ metavar: "N", min: 1 }), {
    description: message`Updates of each run [as published]`,
  })),
  seeds: optional(option("--seeds", string({ metavar: "N,..." }), {
    description: message`Seeds that every network is trained with [1; attractor: 1,2,3,4,5]`,
  })),
  jobs: optional(option("--jobs", integer({ metavar: "N", min: 1, max: 1024 }), {
    description: message`Training processes at a time [one a core, or 1 with ${
      text("--device gpu")
    }]`,
  })),
  threads: withShownDefault(
    option("--threads", integer({ metavar: "N", min: 1, max: 256 }), {
      description: message`Most threads that a process on the cpu may use`,
    }),
    1,
  ),
  only: optional(option("--only", string({ metavar: "NAME,..." }), {
    description: message`Only these configurations or studies, such as memo-ma-50-50`,
  })),
  device: withShownDefault(
    option("--device", choice(deviceChoices, { metavar: "DEVICE" }), {
      description: message`Where to train: ${anyOf(deviceChoices)}`,
    }),
    "cpu",
  ),
  sideBySide: option("--side-by-side", {
    description:
      message`Train all seeds of a configuration in one run, which suits a GPU [attractor: always]`,
  }),
  published: option("--published", {
    description:
      message`First weights and training as published, instead of the faster ones; the runs get a folder of their own`,
  }),
  untilReference: option("--until-reference", {
    description:
      message`Stop each run once it has passed the R that the published run reached; without this flag it goes on`,
  }),
  progress: withShownDefault(
    option("--progress", choice(displayModes, { metavar: "MODE" }), {
      description: message`Progress on standard error: ${anyOf(displayModes)}`,
    }),
    "auto",
  ),
  dryRun: option("--dry-run", {
    description: message`List the runs, their states and the memory needed; start nothing`,
  }),
  list: option("--list", { description: message`List the configurations, by study` }),
  report: option("--report", {
    description:
      message`Write the report of the runs there are, even while some go on; start nothing`,
  }),
});

const footer = footerOf({
  about:
    "Trains all networks of an experiment on a pool of processes and writes one report of all. " +
    "Give the same command again to go on with runs that were stopped; finished runs are skipped. " +
    "With more --iterations they go on as well.",
  examples: [
    "experiments --list",
    "experiments hybrid --dry-run",
    "experiments hybrid --seeds 1,2,3 --jobs 8",
    "experiments hybrid --only memo-ma-50-50,memo-mm-50-50 --seeds 1,2,3",
    "experiments hybrid --published --until-reference",
    "experiments hybrid --report",
    "experiments attractor --only memory-sweep,capacity",
  ],
  exitCodes: "0 ok, 1 a run failed or is not done, 2 usage, 75 preempted, 130 interrupted",
});

export const experiments: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  return values ? await performExperiment(values) : exitCodes.ok;
};
