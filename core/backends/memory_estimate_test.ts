import assert from "node:assert/strict";
import { hybrid } from "../../models/hybrid.ts";
import { continualScene } from "../../tasks/continual_scene.ts";
import { updaters } from "../../updaters/mod.ts";
import type { Backend, DeviceName, MemoryEstimate } from "./backend.ts";
import { cpuBackend } from "./cpu/cpu.ts";
import { referenceBackend } from "./reference/reference.ts";
import { findAdapter } from "./webgpu/device/adapter.ts";
import { webgpuBackend } from "./webgpu/webgpu.ts";

const task = continualScene.build({ vec_len: 5, scene_time: 1, interval: 2 });
const programOf = (sequences: number, tape: "whole" | "checkpoints" = "whole") =>
  updaters["bptt"]!.build({
    model: hybrid.instantiate({ inputs: 5, hidden_dims: [3, 2], plastic_types: ["M", "A"] }),
    loss: task.loss,
    extents: { replicas: 1, sequences, steps: task.steps },
  }, { tape });

const total = (estimate: MemoryEstimate): number =>
  estimate.values().reduce((sum, bytes) => sum + bytes, 0);

const backends: Readonly<Record<DeviceName, () => Backend | Promise<Backend>>> = {
  reference: referenceBackend,
  cpu: () => cpuBackend({ threads: 1 }),
  gpu: () => webgpuBackend({ allowSoftware: true }),
};
const hasAdapter = await findAdapter() !== undefined;

for (const [name, open] of Object.entries(backends)) {
  Deno.test({
    name: `memory estimate of ${name}: what an engine takes, said before it takes it`,
    ignore: name === "gpu" && !hasAdapter,
    async fn() {
      const backend = await open();
      assert.equal(backend.name, name);
      try {
        for (const tape of ["whole", "checkpoints"] as const) {
          const program = programOf(3, tape);
          const estimate = backend.estimateMemory(program, { chunk: 2 });
          const engine = await backend.prepare(program, { chunk: 2 });
          assert.deepEqual([...engine.memory], [...estimate]);
          engine.close();
          assert.ok(total(backend.estimateMemory(program, { chunk: 3 })) > total(estimate));
        }
        // Said even where no device could hold it.
        assert.ok(total(backend.estimateMemory(programOf(1e9))) > 2 ** 40);
      } finally {
        backend.close();
      }
    },
  });
}

Deno.test("memory estimate of cpu: private tapes are counted once a thread, not once a sequence", () => {
  const tapes = (threads: number) =>
    cpuBackend({ threads, forceThreads: true }).estimateMemory(programOf(64)).get("tape")!;
  assert.ok(tapes(1) < tapes(64) / 2, `${tapes(1)} and ${tapes(64)} bytes`);
});
