/** `check gradients MODEL`: forward mode, reverse mode and central differences, side by side. */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import {
  areAllZero,
  compareGradients,
  compareRule,
  gradientsAgree,
} from "../../analysis/gradients.ts";
import { findModel, findRule, findTaskFor, instantiateFor } from "../../config/build/load_model.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { gradientLines } from "../../report/gradient_lines.ts";
import { createNarrator } from "../../store/progress/narrator.ts";
import type { Command } from "../command.ts";
import { differencesProgress } from "../differences_progress.ts";
import { footerOf, withShownDefault } from "../help.ts";
import { parseOptions } from "../parse_options.ts";
import { programName } from "../program_name.ts";
import { codeFiles, name } from "../completion/values.ts";
import { models } from "../../models/mod.ts";
import { tasks } from "../../tasks/mod.ts";
import { updaters } from "../../updaters/mod.ts";

const options = object({
  what: argument(choice(["gradients"], { metavar: "WHAT" }), {
    description: message`What to check: gradients`,
  }),
  model: argument(name(() => Object.keys(models), { metavar: "MODEL", files: codeFiles }), {
    description: message`Name of a model, or a .ts file of your own that exports one`,
  }),
  task: optional(
    option("--task", name(() => Object.keys(tasks), { metavar: "NAME", files: codeFiles }), {
      description:
        message`Task that makes the sequence, or a .ts file of your own [the first with the model's inputs]`,
    }),
  ),
  updater: optional(
    option("--updater", name(() => Object.keys(updaters), { metavar: "NAME", files: codeFiles }), {
      description:
        message`Check this learning rule, or a .ts file of your own, in place of bptt and rtrl`,
    }),
  ),
  set: multiple(option("--set", string({ metavar: "PATH=VALUE" }), {
    description:
      message`A setting of the model, the task or the updater, such as model.hidden_dims=4,4`,
  })),
  samples: withShownDefault(
    option("--samples", integer({ min: 1, metavar: "N" }), {
      description: message`Numbers of each parameter to take central differences of`,
    }),
    10,
  ),
  seed: withShownDefault(
    option("--seed", integer({ min: 0, metavar: "N" }), {
      description: message`Seed of the first weights and of the sequence`,
    }),
    1,
  ),
  sequences: withShownDefault(
    option("--sequences", integer({ min: 1, metavar: "N" }), {
      description: message`Sequences of the batch`,
    }),
    1,
  ),
  mostNumbers: withShownDefault(
    option("--most-numbers", integer({ min: 1, metavar: "N" }), {
      description: message`Skip rtrl for a model with more trained numbers than this`,
    }),
    2000,
  ),
});

const footer = footerOf({
  about: "Computes the gradient of a batch in three ways, all in float64: back through time " +
    "(bptt), forward through time (rtrl) and by central differences. Prints one line a parameter " +
    "with the relative differences. Two gradients agree within 1e-6, or within what the rounding " +
    "of central differences can resolve. Numbers at a kink of the loss are listed, and are no error. " +
    `${programName} train --help-all lists models, tasks and settings.`,
  examples: [
    "check gradients plastic_rnn",
    "check gradients hybrid --set model.hidden_dims=4,4",
    "check gradients examples/custom_rule.ts --samples 20",
    "check gradients examples/own/hebbff.ts --task examples/own/familiarity.ts --sequences 4",
  ],
  exitCodes: "0 all gradients agree, 1 some do not, 2 usage",
});

export const check: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (!values) return exitCodes.ok;
  const { model: modelName, task: taskName, set, samples, seed, sequences, mostNumbers } = values;
  const model = await findModel(modelName);
  const task = await findTaskFor(model, { name: taskName, set });
  const rule = await findRule(values.updater, set);
  const instance = instantiateFor(model, task, set);
  const narrator = createNarrator();
  const say = (line: string) => {
    narrator.close();
    console.error(line);
  };
  say(`model ${model.name}, task ${task.name}, ${task.steps} steps, float64`);
  const onSample = differencesProgress({ say, show: narrator.say });
  const batch = { samples, seed, sequences, onSample };
  const comparison = rule
    ? compareRule(rule, { ...batch, model: instance, task })
    : compareGradients(instance, task, { ...batch, mostNumbers, say });
  const { rows, note } = await comparison.finally(narrator.close);
  console.log(gradientLines(rows, rule?.updater.name).join("\n"));
  if (note !== undefined) console.log(note);
  if (areAllZero(rows)) {
    console.log(
      "every gradient is 0: the loss does not depend on what is trained, nothing was compared",
    );
    return exitCodes.failure;
  }
  return rows.every(gradientsAgree) ? exitCodes.ok : exitCodes.failure;
};
