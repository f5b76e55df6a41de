/** `deno task bench:plan [NAME...]`: what benched programs do to the memory of a GPU, without one. */
import { parseArgs } from "node:util";
import { withErrorLine } from "../cli/error_boundary.ts";
import { UsageError } from "../config/usage_error.ts";
import { didYouMean } from "../core/similar_name.ts";
import { exitCodes } from "../core/training/exit_codes.ts";
import { benchCases } from "./cases.ts";
import { planHeading, planLines } from "./plan.ts";
import { published, workloads } from "./workloads.ts";

const help = `Usage: deno task bench:plan [NAME...]

Prints what one training iteration of every benched program does to the memory of a GPU, by a model: no GPU is asked.
With names of programs, of these alone, and of each of their stages.

  --names    prints the names, and nothing else

Example: deno task bench:plan memo-50-50-t400`;

const programs = () => [
  published,
  ...workloads,
  ...benchCases("", "gpu").map(({ name, program }) => ({ name, build: () => program })),
];

/** The options. @throws UsageError if one is unknown. */
function parse(args: readonly string[]) {
  const flag = { type: "boolean", default: false } as const;
  const options = { help: flag, names: flag };
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** Prints what was asked for. @throws UsageError if an option or a program is unknown. */
function print(args: readonly string[]): void {
  const { values, positionals: wanted } = parse(args);
  if (values.help) return console.log(help);
  const all = programs();
  const names = all.map(({ name }) => name);
  if (values.names) return console.log(names.join("\n"));
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, names);
    throw new UsageError(`there is no program "${unknown}"${hint}; --names lists them`);
  }
  console.log(planHeading);
  for (const { name, build } of all) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const lines = planLines(name, build("gpu"), { stages: wanted.length > 0 });
    console.log(lines.join("\n"));
  }
}

Deno.exit(
  await withErrorLine(() => {
    print(Deno.args);
    return Promise.resolve(exitCodes.ok);
  }),
);
