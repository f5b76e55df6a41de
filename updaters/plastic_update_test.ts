/** A weight or change that is NaN stays NaN through the bounds of an update, on every backend. */
import assert from "node:assert/strict";
import type { Backend } from "../core/backends/backend.ts";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { webgpuBackend } from "../core/backends/webgpu/webgpu.ts";
import { filled, iota, matvec } from "../core/program/language.ts";
import { runStage } from "../core/testing/run_stage.ts";
import { plasticRule } from "./plastic_settings.ts";
import { plasticUpdate } from "./plastic_update.ts";

const devices: Readonly<Record<string, () => Backend | Promise<Backend>>> = {
  reference: referenceBackend,
  cpu: () => cpuBackend({ threads: 1 }),
  gpu: () => webgpuBackend({ allowSoftware: true }),
};

for (const [device, open] of Object.entries(devices)) {
  Deno.test(`${device}: clip_weights and grad_clip keep a NaN`, async () => {
    const backend = await open();
    const weights = [NaN, 5, -5, 0.5, 0.25, Infinity];
    const gradients = [0, 0, 0, NaN, 0.5, 0];
    const results = await runStage(backend, {
      sequences: 1,
      inputs: {
        weight: { shape: [2, 3], values: weights },
        gradient: { shape: [2, 3], values: gradients },
      },
      write({ weight, gradient }) {
        const input = iota(weight!, 3);
        const one = filled(weight!, 1, [2, 3]);
        const layer = {
          name: "layer",
          role: "hidden",
          weight: weight!,
          bias: undefined,
          input,
          output: matvec(weight!, input),
          plasticity: { mask: one, rate: one, forgetting: filled(weight!, 0, [2, 3]) },
        } as const;
        const rule = { ...plasticRule({ grad_clip: 0.25, clip_weights: 1 }), learningRate: 1 };
        const next = plasticUpdate(layer, { weight: gradient!, bias: undefined }, rule);
        return { weight: next.weight };
      },
    });
    backend.close();
    assert.deepEqual([...results.get("weight")!], [NaN, 1, -1, NaN, 0, 1]);
  });
}
