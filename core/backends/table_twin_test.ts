/** Every model with every rule that can train it gives the numbers of the float64 reference. */
import assert from "node:assert/strict";
import { countCompilations } from "../testing/count_compilations.ts";
import { tableCases } from "../testing/table_cases.ts";
import { assertTwins, keptSlots, onlyProcedures, trainOn, writeStart } from "../testing/twin.ts";
import type { Backend } from "./backend.ts";
import { cpuBackend } from "./cpu/cpu.ts";
import { referenceBackend } from "./reference/reference.ts";
import { webgpuBackend } from "./webgpu/webgpu.ts";

const cases = tableCases({ replicas: 2, sequences: 3, probe: true });
const seeds = [5, 6];

const devices: Readonly<Record<string, () => Backend | Promise<Backend>>> = {
  webgpu: () => webgpuBackend({ allowSoftware: true, lowering: "split" }),
  "cpu, one thread": () => cpuBackend({ threads: 1 }),
  "cpu, three threads": () => cpuBackend({ threads: 3, forceThreads: true }),
};

for (const [name, open] of Object.entries(devices)) {
  Deno.test(`${name}: forward and gradients of every model with every rule`, async (t) => {
    const backend = await open();
    for (const { model, updater, task, program: whole } of cases) {
      await t.step(`${model}, ${updater}`, async () => {
        const program = onlyProcedures(whole, ["train"]);
        const expected = await trainOn(referenceBackend(), program, { seeds, task, iterations: 2 });
        const compilations = countCompilations();
        try {
          const engine = await backend.prepare(program, { chunk: 2 });
          const compiled = compilations.count();
          assert.ok(compiled > 0, "compilations are counted");
          writeStart(engine, { seeds, task });
          await engine.run("train", { iterations: 2 });
          assert.equal(compilations.count(), compiled, "nothing is compiled once it runs");
          const actual = await engine.read(keptSlots(program));
          engine.close();
          assertTwins(actual, expected, { bound: 1e-5, what: `${model}, ${updater}` });
        } finally {
          compilations.restore();
        }
      });
    }
    backend.close();
  });
}
