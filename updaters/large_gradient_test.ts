/** Gradients whose squares float32 does not hold: they are clipped as any, and a moment that overflows is told. */
import assert from "node:assert/strict";
import { scalar, vector } from "../core/program/declaration.ts";
import { createProgram } from "../core/program/program.ts";
import { single } from "../core/testing/evaluate_stage.ts";
import { onEveryBackend } from "../core/testing/on_every_backend.ts";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import { writeStart } from "../core/testing/twin.ts";
import { simpleRnn } from "../models/simple_rnn.ts";
import { bptt } from "./bptt.ts";
import { slowWeightConfig, slowWeightOptimizer } from "./optimizers/config.ts";
import { declareOptimizer, updateShared } from "./shared_update.ts";
import { z } from "../deps/zod.ts";

onEveryBackend("grad_clip: a gradient is scaled to the bound, however large", async (backend) => {
  const parameters = { v: vector(2) };
  const builder = createProgram(single);
  builder.declare("learning_rate", scalar(1, { trained: false }));
  builder.declare("v", parameters.v);
  builder.slot("gradient", { kind: "state", shape: [2] });
  const settings = z.strictObject(slowWeightConfig).parse({});
  const optimizer = slowWeightOptimizer(settings, { gradClip: 0.5 });
  declareOptimizer(builder, optimizer, parameters);
  builder.stage("main", { name: "main" }, (stage) => {
    updateShared(stage, {
      gradients: new Map([["v", stage.load("gradient")]]),
      ...{ optimizer, parameters },
    });
  });
  const engine = await backend.prepare(builder.build());
  engine.write("learning_rate", Float64Array.of(1));
  for (const size of [1, 1e10, 1e19, 1e25, 1e37]) {
    engine.write("v", Float64Array.of(0, 0));
    engine.write("gradient", Float64Array.of(-3 * size, 4 * size));
    await engine.run("main", { iterations: 1 });
    const [a, b] = (await engine.read(["v"])).get("v")!;
    const isRight = Math.abs(a! - 0.3) < 1e-6 && Math.abs(b! + 0.4) < 1e-6;
    assert.ok(isRight, `${size}: ${a}, ${b}`);
  }
  engine.close();
});

onEveryBackend("measure: an optimizer's memory that is not finite is counted", async (backend) => {
  const model = simpleRnn.instantiate({ symbols: 3, hidden_size: 2, num_layers: 1 });
  const extents = { replicas: 1, sequences: 1, steps: 2 };
  const program = bptt.build({ model, loss: crossEntropy, extents }, { optimizer: "adam" });
  const engine = await backend.prepare(program);
  writeStart(engine, { seeds: [1], symbols: 3 });
  const place = program.metrics.get("measure")!.indexOf("not_finite");
  for (const broken of [[], [Infinity], [NaN, -Infinity]]) {
    engine.write("adam/second/i2h/bias", Float64Array.from([...broken, 0, 0].slice(0, 2)));
    await engine.run("measure", { iterations: 1 });
    const measured = (await engine.read(["metrics/measure"])).get("metrics/measure")!;
    assert.equal(measured[place], broken.length);
  }
  engine.close();
});
