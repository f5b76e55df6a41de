/** Sums across the lanes of a subgroup: which lanes join, and that bits stay what they are without. */
import assert from "node:assert/strict";
import { crossEntropy } from "../../losses/cross_entropy.ts";
import { models } from "../../../models/mod.ts";
import { findUpdater } from "../../../updaters/mod.ts";
import { trainOn } from "../../testing/twin.ts";
import { findAdapter } from "./device/adapter.ts";
import { emitProgram } from "./emit_program.ts";
import { createGrid } from "./grid.ts";
import { openGpu } from "./gpu.ts";
import { joinedLanes } from "./subgroup_sums.ts";
import { webgpuBackend } from "./webgpu.ts";

const ignore = await findAdapter() === undefined;

Deno.test("subgroups: lanes join that share a row or column, as many as are known to be together", () => {
  const counts = (lanes: readonly [number, number], axis: 0 | 1, subgroup: number) =>
    joinedLanes(createGrid("g", [64, 64], lanes), axis, subgroup).count;
  assert.equal(counts([2, 32], 0, 32), 32);
  assert.equal(counts([2, 32], 0, 8), 8);
  assert.equal(counts([2, 24], 0, 32), 8);
  assert.equal(counts([2, 25], 0, 32), 1);
  assert.equal(counts([8, 8], 1, 32), 4);
  assert.equal(counts([8, 8], 1, 8), 1);
  // Lanes of a column are no bits apart.
  assert.equal(counts([4, 6], 1, 32), 1);
  assert.equal(counts([8, 8], 0, 1), 1);
});

const programs = [
  { model: "rnn", updater: "bptt", hidden: 24 },
  { model: "ethereal", updater: "dfa", hidden: 16 },
].map(({ model, updater, hidden }) => ({
  name: `${model}, ${updater}`,
  program: findUpdater(updater).build({
    model: models[model as "rnn"].instantiate({ symbols: 5, hidden_size: hidden, num_layers: 1 }),
    loss: crossEntropy,
    extents: { replicas: 2, sequences: 3, steps: 2 },
  }, { learning_rate: 0.01 }),
}));

Deno.test("subgroups: kernels use them where they are known, and then keep fewer parts of sums", () => {
  for (const { name, program } of programs) {
    const textOf = (subgroup: number) => {
      const limits = { lanes: 256, bytes: 32768, isSoftware: false, subgroup };
      const options = { chunk: 1, lowering: "fused", arenaLimit: 2 ** 27, limits } as const;
      const { stages } = emitProgram(program, options);
      return stages.flatMap(({ kernels }) => kernels.map(({ source }) => source)).join("\n");
    };
    const partsIn = (text: string) => text.match(/scratchpad\[/g)!.length;
    const [without, with8] = [textOf(1), textOf(8)];
    assert.doesNotMatch(without, /subgroup/, name);
    assert.match(with8, /subgroupShuffleXor/, name);
    assert.ok(partsIn(with8) < partsIn(without), name);
  }
});

Deno.test({
  name: "subgroups: what is known of the lanes of this device is a power of two",
  ignore,
  async fn() {
    const gpu = await openGpu({ allowSoftware: true });
    assert.ok([1, 2, 4, 8, 16, 32].includes(gpu.subgroup), `${gpu.subgroup}`);
    gpu.check();
    gpu.close();
  },
});

for (const lowering of ["fused", "split"] as const) {
  Deno.test({
    name: `subgroups: the bits are the same without them, ${lowering}`,
    ignore,
    async fn(t) {
      // A software driver takes its time to compile a fused stage.
      for (const { name, program } of lowering === "fused" ? programs.slice(0, 1) : programs) {
        await t.step(name, async () => {
          const [without, joined] = await Promise.all([false, true].map(async (subgroups) => {
            using backend = await webgpuBackend({
              ...{ allowSoftware: true, planAsHardware: true },
              lowering,
              subgroups,
            });
            return await trainOn(backend, program, { seeds: [1, 2], symbols: 5 });
          }));
          assert.deepEqual(joined, without);
        });
      }
    },
  });
}
