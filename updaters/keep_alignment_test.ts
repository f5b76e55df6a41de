/** The angle between the update of a rule and the exact gradient, where it is known. */
import assert from "node:assert/strict";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import type { Values } from "../core/backends/backend.ts";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import { writeStart } from "../core/testing/twin.ts";
import { ethereal } from "../models/ethereal.ts";
import { simpleRnn } from "../models/simple_rnn.ts";
import { backprop } from "./backprop.ts";
import { dfa } from "./dfa.ts";
import type { Updater } from "./updater.ts";

const sizes = { symbols: 4, hidden_size: 3, num_layers: 1 };
const models = { ethereal: ethereal.instantiate(sizes), rnn: simpleRnn.instantiate(sizes) };

/** The cosines of one update, by layer, after some slots were replaced. */
async function cosinesOf(
  updater: Updater,
  model: keyof typeof models,
  replace: (read: (slot: string) => Values) => Readonly<Record<string, Values>> = () => ({}),
): Promise<Record<string, number[]>> {
  const extents = { replicas: 1, sequences: 2, steps: 3 };
  const learning = { model: models[model], loss: crossEntropy, extents, probe: true };
  const program = updater.build(learning, { learning_rate: 1e-3 });
  const engine = await referenceBackend().prepare(program);
  writeStart(engine, { seeds: [1], symbols: sizes.symbols });
  const start = await engine.read([...program.slots.keys()].filter((name) => name.includes("/")));
  for (const [slot, values] of Object.entries(replace((slot) => start.get(slot)!))) {
    engine.write(slot, values);
  }
  await engine.run("train", { iterations: 1 });
  const names = [...program.slots.keys()].filter((name) => name.startsWith("probe/alignment/"));
  const read = await engine.read(names);
  engine.close();
  return Object.fromEntries(
    names.map((name) => [name.slice("probe/alignment/".length), Array.from(read.get(name)!)]),
  );
}

const near = (values: readonly number[], expected: number, what: string) => {
  // 0 where a sequence is padded.
  const told = values.filter((value) => value !== 0);
  assert.ok(told.length >= values.length / 2, what);
  for (const value of told) assert.ok(Math.abs(value - expected) < 1e-9, `${what}: ${value}`);
};

Deno.test("backprop points along the exact gradient, which it is", async () => {
  for (const model of ["ethereal", "rnn"] as const) {
    const cosines = await cosinesOf(backprop, model);
    assert.equal(Object.keys(cosines).length, 2);
    for (const [layer, values] of Object.entries(cosines)) near(values, 1, `${model} ${layer}`);
  }
});

Deno.test("dfa points along it in the output layer, and elsewhere as its feedback does", async () => {
  const cosines = await cosinesOf(dfa, "ethereal");
  // A cosine a step and sequence of fast weights; neither i2h nor self_grad acts on the loss of the step.
  assert.deepEqual(Object.keys(cosines), ["linear0", "i2o"]);
  assert.equal(cosines.linear0!.length, 3 * 2);
  near(cosines.i2o!, 1, "i2o");
  assert.ok(cosines.linear0!.every((value) => Math.abs(value) < 0.999));

  // relu' = 1 behind a large bias: the exact error is W' e, and feedback ±W gives ±W' e. Later steps have other W.
  for (const sign of [1, -1]) {
    const { "linear_layers/0": inner } = await cosinesOf(dfa, "rnn", (read) => ({
      "linear_layers/0/bias": read("linear_layers/0/bias").map(() => 10),
      "linear_layers/0/feedback": read("i2o/weight").map((value: number) => sign * value),
    }));
    assert.equal(inner!.length, 3);
    near(inner!.slice(0, 1), sign, `feedback ${sign} W`);
  }
});
