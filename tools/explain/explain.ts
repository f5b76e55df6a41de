/** `deno task explain MODEL`: follows one time step of a model from its graph to its kernels. */
import { parseArgs } from "node:util";
import { emitModule } from "../../core/backends/cpu/emit_module.ts";
import { lower } from "../../core/backends/lower.ts";
import { emitProgram } from "../../core/backends/webgpu/emit_program.ts";
import type { Program } from "../../core/program/program.ts";
import functions from "../../core/wgsl/functions.wgsl" with { type: "text" };
import { models } from "../../models/mod.ts";
import { describeGraph, describeLowered, describeStages } from "./describe.ts";
import { stepProgram } from "./step_program.ts";

const help = `Usage: deno task explain MODEL [KEY=VALUE ...]

Prints what becomes of one time step of a model: its graph, its stage, the passes of the stage, and
the WGSL and WebAssembly text of the passes.

  MODEL        ${Object.keys(models).join(", ")}
  KEY=VALUE    a setting of the model; VALUE is JSON or a word
  --part NAME  graph, stages, passes, wgsl or wat [all of them]

Example: deno task explain plastic_rnn inputs=8 --part passes`;

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

/** Kernels without the library of functions that stands in front of each. */
function wgslOf(program: Program): string {
  const options = { chunk: 1, lowering: "auto", arenaLimit: 2 ** 27, maxLanes: 256 } as const;
  const kernels = emitProgram(program, options).stages.flatMap(({ kernels }) => kernels);
  return kernels.map(({ source }) => source.replace(functions, "").trim()).join("\n\n");
}

/** The functions of the passes, without the library and the drivers. */
function watOf(program: Program): string {
  const { text } = emitModule(program, { chunk: 1, threads: 1, relaxed: false });
  return text.split(/\n(?=\(func )/).filter((part) => /^\(func \$run_\d+_\w+?_\d+ /.test(part))
    .join(
      "\n",
    );
}

/** One time step of a model of the table. @throws RangeError if there is no such model. */
export function explainedProgram(
  name: string,
  settings: Readonly<Record<string, unknown>>,
): Program {
  const model = models[name];
  if (!model) throw new RangeError(`no model is named ${name}; ${Object.keys(models).join(", ")}`);
  return stepProgram(model.instantiate(settings), extents);
}

function settingOf(word: string): [string, unknown] {
  const [key = "", value = ""] = word.split("=", 2);
  try {
    return [key, JSON.parse(value)];
  } catch {
    return [key, value];
  }
}

function main(): void {
  const options = { part: { type: "string" }, help: { type: "boolean" } } as const;
  const { values, positionals: [name, ...settings] } = parseArgs({
    options,
    allowPositionals: true,
  });
  if (values.help || name === undefined) return console.log(help);
  const program = explainedProgram(name, Object.fromEntries(settings.map(settingOf)));
  for (const [part, text] of Object.entries(parts)) {
    if (values.part !== undefined && values.part !== part) continue;
    console.log(values.part === undefined ? `== ${part}\n${text(program)}\n` : text(program));
  }
}

if (import.meta.main) main();
