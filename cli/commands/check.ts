/** `check gradients MODEL`: forward mode, reverse mode and central differences, side by side. */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { exitCodes } from "../../core/training/exit_codes.ts";
import type { Command } from "../command.ts";
import { parseOptions } from "../parse_options.ts";
import { UsageError } from "../../config/usage_error.ts";

const name = "check";
const summary = "Compare the gradients of a model: bptt, rtrl and central differences";

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
Example: check gradients plastic_rnn; check gradients examples/oja.ts --task long_range_memory.`;

export const check: Command = {
  name,
  summary,
  async run(args) {
    const parsed = parseOptions(options, args, { name, summary, footer });
    if ("exitCode" in parsed) return parsed.exitCode;
    const { model, task, set, samples, seed, mostNumbers } = parsed.values;
    const { BOUND, compareGradients } = await import("../../analysis/gradients.ts");
    const { findModel, findTaskFor, instantiateFor } = await import("../check/load_model.ts");
    try {
      const found = await findModel(model);
      const chosen = findTaskFor(found, { name: task, set });
      const instance = instantiateFor(found, chosen, set);
      const say = (line: string) => console.error(line);
      say(`model ${found.name}, task ${chosen.name}, ${chosen.steps} steps, float64`);
      const { rows, note } = await compareGradients(instance, chosen, {
        samples,
        seed,
        mostNumbers,
        say,
      });
      const width = Math.max(9, ...rows.map(({ parameter }) => parameter.length));
      const cell = (value: number | undefined) => (value?.toExponential(1) ?? "-").padStart(9);
      const lines = rows.map((row) => {
        const errors = [row.bptt, row.rtrl, row.apart];
        const bound = Math.max(BOUND, row.resolution);
        const agrees = errors.every((error, index) =>
          error === undefined || error <= (index < 2 ? bound : BOUND)
        );
        return `${row.parameter.padEnd(width)}  ${String(row.numbers).padStart(8)}  ` +
          `${errors.map(cell).join("  ")}  ${agrees ? "ok" : "FAIL"}`;
      });
      console.log([
        `${"parameter".padEnd(width)}   numbers  bptt-cent  rtrl-cent  rtrl-bptt`,
        ...lines,
      ].join("\n"));
      if (note !== undefined) console.log(note);
      return lines.every((line) => line.endsWith("ok")) ? exitCodes.ok : exitCodes.failure;
    } catch (error) {
      const text = (error as Error).message.replace(/\s*\n\s*/g, " ");
      console.error(`error: ${text}`);
      return error instanceof UsageError ? exitCodes.usage : exitCodes.failure;
    }
  },
};
