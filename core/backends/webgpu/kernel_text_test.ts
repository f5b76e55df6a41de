/** The text of generated kernels: pinned for three programs, and rules that hold for all. */
import assert from "node:assert/strict";
import { models } from "../../../models/mod.ts";
import { updaters } from "../../../updaters/mod.ts";
import type { Program } from "../../program/program.ts";
import type { LoweringChoice } from "../../schedule/lowering.ts";
import { crossEntropy } from "../../losses/cross_entropy.ts";
import { plasticRnn, squaredError } from "../../testing/example_models.ts";
import { languagePrograms } from "../../testing/language_programs.ts";
import { onlyProcedures } from "../../testing/twin.ts";
import { twinCases } from "../../testing/twin_cases.ts";
import ieee from "../../wgsl/ieee.wgsl" with { type: "text" };
import functions from "../../wgsl/functions.wgsl" with { type: "text" };
import { holderOf } from "./elements.ts";
import { emitProgram } from "./emit_program.ts";

const device = {
  chunk: 2,
  arenaLimit: 2 ** 27,
  limits: { lanes: 256, bytes: 16384, isSoftware: false, subgroup: 1 },
};

function kernelTexts(program: Program, lowering: LoweringChoice): string[] {
  const { stages } = emitProgram(program, { ...device, lowering });
  // The libraries of functions have tests of their own.
  const withoutLibraries = (source: string) =>
    source.replace(ieee, "// ieee.wgsl\n").replace(functions, "// functions.wgsl\n");
  return stages.flatMap(({ kernels }) =>
    kernels.map(({ source, workgroups }) =>
      `${withoutLibraries(source)}// workgroups: ${workgroups}\n`
    )
  );
}

const tiny = { replicas: 1, sequences: 2, steps: 3 };
const pinned: Readonly<Record<string, Program>> = {
  "plastic RNN, evaluate": onlyProcedures(
    updaters["bptt"]!.build({
      model: plasticRnn.instantiate({ neurons: 6 }),
      loss: squaredError(6),
      extents: tiny,
    }, {}),
    ["evaluate"],
  ),
  "ethereal with dfa, train": onlyProcedures(
    updaters["dfa"]!.build({
      model: models["ethereal"]!.instantiate({ symbols: 3, hidden_size: 2, num_layers: 1 }),
      loss: crossEntropy,
      extents: tiny,
    }, {}),
    ["train"],
  ),
  "rnn with bptt, train": onlyProcedures(
    updaters["bptt"]!.build({
      model: models["rnn"]!.instantiate({ symbols: 3, hidden_size: 5, num_layers: 1 }),
      loss: crossEntropy,
      extents: { ...tiny, replicas: 2 },
    }, { optimizer: "adam", truncate: 2 }),
    ["train"],
  ),
};

/** The stages that run once a step: where the time goes. */
function loopsOf(program: Program): Program {
  const procedures = [...program.procedures].map(([name, stages]) =>
    [name, stages.filter(({ loop }) => loop !== "none")] as const
  );
  return { ...program, procedures: new Map(procedures) };
}

for (const [name, program] of Object.entries(pinned)) {
  Deno.test(`kernels of ${name}`, async (t) => {
    await t.assertSnapshot(kernelTexts(loopsOf(program), "fused").join("\n"));
  });
}

Deno.test("kernels: the same program gives the same text", () => {
  const [first, second] = [0, 1].map(() =>
    twinCases({ models, updaters }).flatMap(({ program }) => kernelTexts(program, "split"))
  );
  assert.deepEqual(first, second);
});

Deno.test("kernels: split loops and fused loops store the same places", () => {
  const stored = (program: Program, lowering: LoweringChoice) => {
    const { stages } = emitProgram(program, { ...device, lowering });
    const touches = stages.flatMap(({ kernels }) =>
      kernels.flatMap(({ traffic }) => traffic.passes.flatMap((pass) => pass.touches))
    );
    return new Set(
      touches.filter(({ kind }) => kind === "store").map(({ place }) => holderOf(place).name),
    );
  };
  for (const program of Object.values(pinned)) {
    const inputs = [...program.slots.values()].filter(({ kind }) => kind === "input");
    // A fused loop copies inputs of its step to workgroup memory.
    const copied = new Set(inputs.map(({ name }) => name));
    assert.deepEqual(
      [...stored(program, "fused").difference(copied)].sort(),
      [...stored(program, "split")].sort(),
    );
    assert.ok(kernelTexts(program, "split").length > kernelTexts(program, "fused").length);
  }
});

const everything = [
  ...twinCases({ models, updaters }),
  ...languagePrograms(),
].flatMap(({ program }) =>
  (["split", "joined", "fused"] as const).flatMap((lowering) => kernelTexts(program, lowering))
);

Deno.test("kernels: every variable has a first value and no loop counts with signs", () => {
  for (const text of everything) {
    for (const line of text.split("\n")) {
      if (/^\s*(for \()?var /.test(line) || line.includes("(var ")) {
        assert.match(line, /var \w+(: \w+)? = /, line);
      }
      if (!line.trimStart().startsWith("for (")) continue;
      const counts =
        /for \(var \w+ = (\d+u|first|((\d+u|first) \+ )?lane); \w+ < (\d+u|end|min\(t, \d+u\)); \w+ \+= \d+u\) \{$/;
      assert.match(line, counts, line);
    }
    assert.doesNotMatch(text, /\bi32\b/);
    assert.doesNotMatch(text, /\b(NaN|Infinity|undefined|null|object)\b/);
  }
});

Deno.test("kernels: lanes share no vectors, since who writes a component may write all of it", () => {
  for (const text of everything) assert.doesNotMatch(text, /var<(workgroup|storage).*array<vec/);
});

Deno.test("kernels: barriers are never inside the lanes' loops", () => {
  for (const text of everything) {
    const lines = text.split("\n");
    lines.forEach((line, index) => {
      if (!/Barrier\(\)/.test(line)) return;
      const indent = line.search(/\S/);
      const enclosing = lines.slice(0, index).reverse().find((other) => {
        return other.trim() !== "" && other.search(/\S/) < indent;
      })!;
      assert.match(enclosing, /^fn main|for \(var (count|first|k0) = /, enclosing);
    });
  }
});
