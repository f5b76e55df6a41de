/** The norms of highly plastic weights and of the others are apart. */
import assert from "node:assert/strict";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import { writeStart } from "../core/testing/twin.ts";
import { ethereal } from "../models/ethereal.ts";
import { backprop } from "./backprop.ts";

Deno.test("measure: a weight that is NaN spoils the norm of its own group alone", async () => {
  const model = ethereal.instantiate({ symbols: 3, hidden_size: 4, num_layers: 1 });
  const extents = { replicas: 1, sequences: 1, steps: 2 };
  const program = backprop.build({ model, loss: crossEntropy, extents }, {});
  const engine = await referenceBackend().prepare(program);
  writeStart(engine, { seeds: [1], symbols: 3 });
  await engine.run("train", { iterations: 1 });
  const slots = ["i2o/weight", "i2o/mask", "metrics/measure"];
  for (const [broken, other, isBroken] of [["low", "high", 0], ["high", "low", 1]] as const) {
    const read = await engine.read(slots);
    const weights = Float64Array.from(read.get("i2o/weight")!);
    const place = read.get("i2o/mask")!.indexOf(isBroken);
    engine.write("i2o/weight", weights.with(place, NaN));
    await engine.run("measure", { iterations: 1 });
    const measured = (await engine.read(slots)).get("metrics/measure")!;
    const norm = (group: string) =>
      measured[program.metrics.get("measure")!.indexOf(`weight_norm_${group}`)]!;
    assert.ok(place >= 0 && Number.isNaN(norm(broken)), broken);
    assert.ok(norm(other) > 0, other);
    engine.write("i2o/weight", weights);
  }
  engine.close();
});

Deno.test("measure: updates count with the plasticity once or twice, as they are made", async () => {
  const extents = { replicas: 1, sequences: 2, steps: 1 };
  /** Mean over the inner layer, whose updates have the factor α, and the output layer. */
  const norm = async (plast_clip: number, plasticity_twice: boolean) => {
    const model = ethereal.instantiate({ symbols: 3, hidden_size: 4, num_layers: 1, plast_clip });
    const program = backprop.build({ model, loss: crossEntropy, extents }, { plasticity_twice });
    const engine = await referenceBackend().prepare(program);
    writeStart(engine, { seeds: [1], symbols: 3 });
    await engine.run("train", { iterations: 1 });
    await engine.run("measure", { iterations: 1 });
    const measured = (await engine.read(["metrics/measure"])).get("metrics/measure")!;
    engine.close();
    return measured[program.metrics.get("measure")!.indexOf("update_norm_high")]!;
  };
  const [plain, once, twice] = [await norm(1, false), await norm(3, false), await norm(3, true)];
  const inner = (once - plain) / 2;
  assert.ok(inner > 0);
  assert.ok(Math.abs(twice - (plain + 8 * inner)) < 1e-9 * twice, `${twice}`);
});
