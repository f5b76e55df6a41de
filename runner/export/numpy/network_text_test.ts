import assert from "node:assert/strict";
import { join } from "node:path";
import { vector } from "../../../core/program/declaration.ts";
import { squaredError } from "../../../core/losses/regression.ts";
import { fixed } from "../../../core/program/input.ts";
import { add, mul } from "../../../core/program/language.ts";
import { defineModel } from "../../../core/program/model.ts";
import type { Task } from "../../../core/training/task.ts";
import { z } from "../../../deps/zod.ts";
import { inTemporaryFolder } from "../../../store/files/testing/temporary_folder.ts";
import { runNumpy } from "../../../tests/testing/numpy.ts";
import { networkText } from "./network_text.ts";

Deno.test(
  "a network that stays noisy draws its noise in NumPy, and one without inputs of a step is told the steps",
  inTemporaryFolder(async (folder) => {
    const model = defineModel({
      name: "noisy",
      config: z.strictObject({}),
      parameters: () => ({ w: vector(3) }),
      state: () => ({ h: vector(3) }),
      inputs: () => ({ drive: fixed([3]) }),
      step({ w }, _, { drive }, _config, random) {
        const next = add(add(mul(w, drive), random.normal(3)), random.uniform(3));
        return { state: { h: next }, output: next };
      },
    }).instantiate({});
    const task = { steps: 5, loss: squaredError([3]) } as unknown as Task;
    const text = networkText({ model, task, weights: "w.npz" });
    assert.match(text, /^random = np\.random\.default_rng\(0\)$/m);
    Deno.writeTextFileSync(join(folder, "network.py"), text);
    const script = `
from network import run
outputs = run({"w": np.full(3, 100.0)}, {"drive": [1.0, 2.0, 3.0]}, 2000)
result = {"shape": list(outputs.shape), "mean": outputs.mean(0).tolist(), "deviation": outputs.std(0).tolist()}
`;
    const found = await runNumpy(folder, script) as
      | { shape: number[]; mean: number[]; deviation: number[] }
      | undefined;
    if (found === undefined) return;
    assert.deepEqual(found.shape, [2000, 3]);
    found.mean.forEach((mean, index) => assert.ok(Math.abs(mean - 100 * (index + 1) - 0.5) < 0.15));
    // Of a normal number and one of [0, 1), independent of each other.
    found.deviation.forEach((value) => assert.ok(Math.abs(value - Math.sqrt(1 + 1 / 12)) < 0.1));
  }),
);
