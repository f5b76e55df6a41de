/** The cpu backend gives the numbers of the reference, and the same bits on any number of threads. */
import assert from "node:assert/strict";
import { models } from "../../../models/mod.ts";
import { updaters } from "../../../updaters/mod.ts";
import { crossEntropy } from "../../losses/cross_entropy.ts";
import { languagePrograms } from "../../testing/language_programs.ts";
import { assertTwins, onlyProcedures, trainOn, writeStart } from "../../testing/twin.ts";
import { twinCases } from "../../testing/twin_cases.ts";
import { isPersistent } from "../layout.ts";
import { referenceBackend } from "../reference/reference.ts";
import { cpuBackend } from "./cpu.ts";
import { emitModule } from "./emit_module.ts";

const cases = twinCases({ models, updaters });
const reference = referenceBackend();

for (const relaxed of [true, false]) {
  Deno.test(`cpu with ${relaxed ? "relaxed" : "plain"} SIMD is the twin of the reference`, async (t) => {
    const backend = cpuBackend({ threads: 1, relaxed });
    for (const { name, program } of languagePrograms()) {
      await t.step(name, async () => {
        const seeds = Array.from({ length: program.extents.replicas }, (_, p) => p);
        const options = { seeds, procedures: ["main"], iterations: 1, drawn: false };
        const expected = await trainOn(reference, program, options);
        assertTwins(await trainOn(backend, program, options), expected, {
          bound: 2e-6,
          what: name,
        });
      });
    }
    for (const { name, program, seeds, symbols } of cases) {
      await t.step(name, async () => {
        const procedures = [...program.procedures.keys()].filter((procedure) =>
          procedure !== "main"
        );
        const expected = await trainOn(reference, program, { seeds, symbols, procedures });
        const actual = await trainOn(backend, program, { seeds, symbols, procedures });
        assertTwins(actual, expected, { bound: 1e-5, what: name });
      });
    }
  });
}

Deno.test("cpu: 1, 2 and 3 threads give the same bits, and so does a second run", async (t) => {
  for (const { name, program, seeds, symbols } of cases) {
    await t.step(name, async () => {
      const expected = await trainOn(cpuBackend({ threads: 1 }), program, { seeds, symbols });
      for (const threads of [2, 3, 2]) {
        const many = cpuBackend({ threads, forceThreads: true });
        assert.deepEqual(
          await trainOn(many, program, { seeds, symbols }),
          expected,
          `${threads} threads`,
        );
      }
    });
  }
});

Deno.test("cpu: an evaluation that restores leaves every persistent slot as it was", async () => {
  const { program: whole, seeds, symbols } = cases.find(({ name }) =>
    name.startsWith("ethereal, dfa, 3")
  )!;
  const program = onlyProcedures(whole, ["train", "evaluate"]);
  const engine = await cpuBackend({ threads: 2, forceThreads: true }).prepare(program, {
    chunk: 3,
  });
  writeStart(engine, { seeds, symbols });
  await engine.run("train", { iterations: 2 });
  const slots = [...program.slots.values()].filter(isPersistent).map(({ name }) => name);
  const before = await engine.read(slots);
  await engine.run("evaluate", { iterations: 3, restore: true });
  assert.deepEqual(await engine.read(slots), before);
  engine.close();
});

Deno.test("cpu: a program that needs more than 4 GiB is refused before anything is allocated", () => {
  const model = models["ethereal"]!.instantiate({ symbols: 9, hidden_size: 8000, num_layers: 3 });
  const extents = { replicas: 1, sequences: 16, steps: 2 };
  const program = updaters["dfa"]!.build({ model, loss: crossEntropy, extents }, {});
  assert.throws(
    () => emitModule(program, { chunk: 1, threads: 2, relaxed: true }),
    /needs|takes/,
  );
});

Deno.test("cpu: the text of a plastic network's forward step", async (t) => {
  const { program } = cases.find(({ name }) => name.startsWith("plasticRnn"))!;
  const { text } = emitModule(program, { chunk: 1, threads: 1, relaxed: true });
  const functions = text.split(/\n(?=\(func )/).filter((text) => text.includes("$train_1_forward"));
  await t.assertSnapshot(functions.slice(0, 3).join("\n"));
});
