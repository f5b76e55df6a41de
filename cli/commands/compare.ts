/** `compare`: trains rows of models, learning rules and settings with several seeds, and writes one report. */
import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { float, integer, string } from "@optique/core/valueparser";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { performComparison, rowSets } from "../../studies/compare/perform_comparison.ts";
import type { Command } from "../command.ts";
import { engineOptions } from "../engine_options.ts";
import { footerOf, withShownDefault } from "../help.ts";
import { jobOptions } from "../job_options.ts";
import { parseOptions } from "../parse_options.ts";
import { file, folder, name } from "../completion/values.ts";
import { configExtensions } from "../../config/parse_config_file.ts";
import { models } from "../../models/mod.ts";
import { tasks } from "../../tasks/mod.ts";
import { updaters } from "../../updaters/mod.ts";

const options = object({
  name: optional(argument(name(() => Object.keys(rowSets), { metavar: "NAME" }), {
    description: message`Rows that Hebb brings along: ${text(Object.keys(rowSets).join(", "))}`,
  })),
  rows: optional(option("--rows", file(configExtensions), {
    description: message`Rows from a .json, .yaml or .toml file: settings of all rows, then ${
      text("rows")
    }, a list of groups with a ${text("name")} and settings`,
  })),
  task: optional(option("--task", name(() => Object.keys(tasks), { metavar: "NAME" }), {
    description: message`The task [the one that fits the model]`,
  })),
  models: optional(option("--models", name(() => Object.keys(models), { metavar: "NAME,..." }), {
    description: message`Models, each with every updater [the one that fits the task]`,
  })),
  updaters: optional(
    option("--updaters", name(() => Object.keys(updaters), { metavar: "NAME,..." }), {
      description: message`Learning rules [the one that fits the model]`,
    }),
  ),
  vary: multiple(option("--vary", string({ metavar: "PATH=VALUE,VALUE" }), {
    description: message`Values of a setting, each a row of its own, such as ${
      text("model.enable_recurrence=true,false")
    }; may be given again: all combinations. A setting that a row does not have leaves it as it is`,
  })),
  set: multiple(option("--set", string({ metavar: "PATH=VALUE" }), {
    description: message`A setting of all rows that have it, such as ${
      text("model.hidden_size=64")
    }`,
  })),
  baseline: optional(option("--baseline", string({ metavar: "ROW" }), {
    description:
      message`Row that the others are compared with [the first; of memory-cells ethereal, dfa without recurrence]`,
  })),
  criterion: withShownDefault(
    option("--criterion", float({ metavar: "SCORE" }), {
      description: message`Score that counts as learned`,
    }),
    0.95,
  ),
  only: optional(option("--only", string({ metavar: "ROW,..." }), {
    description: message`Train only these rows (or studies of a set); the report has all`,
  })),
  seeds: optional(option("--seeds", string({ metavar: "N,..." }), {
    description: message`Seeds of every row, side by side in one run, such as 1-5 [1-10]`,
  })),
  iterations: optional(option("--iterations", integer({ metavar: "N", min: 1 }), {
    description: message`Updates of each run [2500; memory-cells: 5000]`,
  })),
  out: optional(option("--out", folder(), {
    description: message`Folder of all runs [runs/NAME; of options runs/comparison]`,
  })),
  ...jobOptions,
  ...engineOptions,
  list: option("--list", { description: message`List the rows` }),
});

const footer = footerOf({
  about:
    "Trains every row as one run with all seeds side by side, on a pool of processes, and writes one report: " +
    "scores with intervals over seeds, differences from a baseline and whether they are told apart, norms by " +
    "plasticity, when a score was reached, angles between the updates of dfa and backprop, and curves. Give the " +
    "same command again to go on, or with more rows: finished ones are skipped.",
  examples: [
    "compare memory-cells",
    "compare memory-cells --only published --set model.hidden_size=64 --seeds 1-5",
    "compare --task 2_small_palindrome --models ethereal,rnn --updaters dfa,backprop,bptt " +
    "--vary model.enable_recurrence=true,false --out runs/cells",
    "compare --task 3_palindrome_vary --updaters dfa --vary updater.learning_rate=0.003,0.01 --baseline NAME",
    "compare --rows rows.yaml --seeds 1-20 --dry-run",
    "compare memory-cells --report",
    "compare memory-cells --engine slurm --per-task 4 --jobs 2",
  ],
  exitCodes: "0 ok, 1 a run failed or is not done, 2 usage, 75 preempted, 130 interrupted",
});

export const compare: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  return values ? await performComparison({ ...values, args }) : exitCodes.ok;
};
