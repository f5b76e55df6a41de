/** `experiments NAME`: trains the networks of a published experiment and compares the outcome. */
import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { experiments as table } from "../../studies/mod.ts";
import { performExperiment } from "../../studies/perform_experiment.ts";
import type { Command } from "../command.ts";
import { engineOptions } from "../engine_options.ts";
import { anyOf, footerOf } from "../help.ts";
import { jobOptions } from "../job_options.ts";
import { parseOptions } from "../parse_options.ts";
import { folder, name } from "../completion/values.ts";

const options = object({
  name: optional(argument(name(() => Object.keys(table), { metavar: "NAME" }), {
    description: message`Experiment: ${anyOf(Object.keys(table))}; ${
      text("--list")
    } alone says what they are`,
  })),
  out: optional(option("--out", folder(), {
    description: message`Folder of all runs [runs/NAME, with --published runs/NAME-published]`,
  })),
  iterations: optional(option("--iterations", integer({ metavar: "N", min: 1 }), {
    description: message`Updates of each run [as published]`,
  })),
  seeds: optional(option("--seeds", string({ metavar: "N,..." }), {
    description: message`Seeds that every network is trained with, such as 1-5 [1; attractor: 1-5]`,
  })),
  only: optional(option("--only", string({ metavar: "NAME,..." }), {
    description: message`Only these configurations or studies, such as memo-ma-50-50`,
  })),
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
  ...jobOptions,
  ...engineOptions,
  list: option("--list", { description: message`List the configurations, by study` }),
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
    "experiments hybrid --engine slurm --jobs 4 --sbatch time=8:00:00 --dry-run",
    "experiments attractor --only memory-sweep,capacity",
  ],
  exitCodes: "0 ok, 1 a run failed or is not done, 2 usage, 75 preempted, 130 interrupted",
});

export const experiments: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  return values ? await performExperiment({ ...values, args }) : exitCodes.ok;
};
