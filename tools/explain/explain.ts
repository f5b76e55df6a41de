/** `deno task explain MODEL`: follows one time step of a model from its graph to its kernels. */
import { parseArgs } from "node:util";
import { withErrorLine } from "../../cli/error_boundary.ts";
import { findModel, instantiateAlone } from "../../config/build/load_model.ts";
import { UsageError } from "../../config/usage_error.ts";
import { emitModule } from "../../core/backends/cpu/emit_module.ts";
import { lower } from "../../core/backends/lower.ts";
import { emitProgram } from "../../core/backends/webgpu/emit_program.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import type { Program } from "../../core/program/program.ts";
import ieee from "../../core/wgsl/ieee.wgsl" with { type: "text" };
import functions from "../../core/wgsl/functions.wgsl" with { type: "text" };
import { models } from "../../models/mod.ts";
import { describeGraph, describeLowered, describeStages } from "./describe.ts";
import { stepProgram } from "./step_program.ts";

const help = `Usage: deno task explain MODEL [KEY=VALUE ...]

Prints what becomes of one time step of a model: its graph, its stage, the passes of the stage, and
the WGSL and WebAssembly text of the passes.

  MODEL        ${Object.keys(models).join(", ")}, or a file that exports one
  KEY=VALUE    a setting of the model
  --part NAME  graph, stages, passes, wgsl or wat [all of them]

Examples: deno task explain plastic_rnn inputs=8 --part passes
          deno task explain examples/custom_rule.ts`;

/** Small enough to read, large enough to show every axis. */
const extents = { replicas: 1, sequences: 2, steps: 3 };

/** The parts of an explanation, in the order of the pipeline, as text. */
export const parts: Readonly<Record<string, (program: Program) => string>> = {
  graph: ({ procedures }) => [...procedures.values()].flat().flatMap(describeGraph).join("\n"),
  stages: (program) => describeStages(program).join("\n"),
  passes: (program) => describeLowered(lower(program, { chunk: 1, lowering: "auto" })).join("\n"),
  wgsl: wgslOf,
  wat: watOf,
};

/** Kernels without the libraries of functions that stand in front of each. */
function wgslOf(program: Program): string {
  const limits = { lanes: 256, bytes: 2 ** 14, isSoftware: false, subgroup: 1 };
  const options = { chunk: 1, lowering: "auto", arenaLimit: 2 ** 27, limits } as const;
  const kernels = emitProgram(program, options).stages.flatMap(({ kernels }) => kernels);
  return kernels.map(({ source }) => source.replace(ieee, "").replace(functions, "").trim()).join(
    "\n\n",
  );
}

/** The functions of the passes, without the library and the drivers. */
function watOf(program: Program): string {
  const { text } = emitModule(program, { chunk: 1, threads: 1, relaxed: false });
  const functions = text.split(/\n(?=\(func )/);
  return functions.filter((part) => /^\(func \$run_\d+_\w+?_\d+ /.test(part)).join("\n");
}

/** One time step of a model, by its name or file, with settings such as `inputs=8`. */
export async function explainedProgram(
  name: string,
  settings: readonly string[],
): Promise<Program> {
  const model = await findModel(name);
  const set = settings.map((setting) => `model.${setting}`);
  return stepProgram(instantiateAlone(model, set), extents);
}

/** The command. @throws UsageError for a flag, a part or a setting that there is none of. */
export async function explain(args: readonly string[]): Promise<number> {
  const options = { part: { type: "string" }, help: { type: "boolean" } } as const;
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
  const { values: { part, help: wantsHelp }, positionals: [name, ...settings] } = parsed;
  if (wantsHelp || name === undefined) {
    console.log(help);
    return wantsHelp ? exitCodes.ok : exitCodes.usage;
  }
  if (part !== undefined && !Object.hasOwn(parts, part)) {
    throw new UsageError(`--part: expected ${Object.keys(parts).join(", ")}, got ${part}`);
  }
  const program = await explainedProgram(name, settings);
  for (const [title, text] of Object.entries(parts)) {
    if (part === undefined) console.log(`== ${title}\n${text(program)}\n`);
    else if (part === title) console.log(text(program));
  }
  return exitCodes.ok;
}

if (import.meta.main) Deno.exit(await withErrorLine(() => explain(Deno.args)));
