/** `check gradients MODEL`: forward mode, reverse mode and central differences, side by side. */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { compareGradients, gradientsAgree } from "../../analysis/gradients.ts";
import { findModel, findTaskFor, instantiateFor } from "../../config/build/load_model.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { gradientLines } from "../../report/gradient_lines.ts";
import type { Command } from "../command.ts";
import { parseOptions } from "../parse_options.ts";

const options = object({
  what: argument(choice(["gradients"], { metavar: "WHAT" }), {
    description: message`What to check: gradients`,
  }),
  model: argument(string({ metavar: "MODEL" }), {
    description: message`A model of the table, or a file of your own that exports one`,
  }),
  task: optional(option("--task", string({ metavar: "NAME" }), {
    description: message`Task that makes the sequence [the first that fits]`,
  })),
  set: multiple(option("--set", string({ metavar: "PATH=VALUE" }), {
    description: message`A setting of the model or the task, such as model.hidden_dims=4,4`,
  })),
  samples: withDefault(
    option("--samples", integer({ min: 1, metavar: "N" }), {
      description: message`Numbers of each parameter moved for central differences`,
    }),
    10,
  ),
  seed: withDefault(
    option("--seed", integer({ min: 0, metavar: "N" }), {
      description: message`Seed of weights and sequence`,
    }),
    1,
  ),
  mostNumbers: withDefault(
    option("--most-numbers", integer({ min: 1, metavar: "N" }), {
      description: message`Leave rtrl out of models with more trained numbers`,
    }),
    2000,
  ),
});

const footer =
  message`All in float64. Exit code: 0 all agree within 1e-6 (or what rounding lets differences resolve), 1 some do not, 2 usage. \
Example: check gradients plastic_rnn; check gradients examples/custom_rule.ts.`;

export const check: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (!values) return exitCodes.ok;
  const { model: modelName, task: taskName, set, samples, seed, mostNumbers } = values;
  const model = await findModel(modelName);
  const task = findTaskFor(model, { name: taskName, set });
  const instance = instantiateFor(model, task, set);
  const say = (line: string) => console.error(line);
  say(`model ${model.name}, task ${task.name}, ${task.steps} steps, float64`);
  const { rows, note } = await compareGradients(instance, task, {
    samples,
    seed,
    mostNumbers,
    say,
  });
  console.log(gradientLines(rows).join("\n"));
  if (note !== undefined) console.log(note);
  return rows.every(gradientsAgree) ? exitCodes.ok : exitCodes.failure;
};
