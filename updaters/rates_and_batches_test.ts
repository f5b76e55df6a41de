/** Schedules, accumulated batches and norms of gradients, in whole programs of every rule. */
import assert from "node:assert/strict";
import type { Values } from "../core/backends/backend.ts";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { assertTwins, trainOn, writeStart } from "../core/testing/twin.ts";
import type { Program } from "../core/program/program.ts";
import { ethereal } from "../models/ethereal.ts";
import { simpleRnn } from "../models/simple_rnn.ts";
import { palindrome } from "../tasks/palindrome.ts";
import { updaters } from "./mod.ts";

const task = palindrome.build();
const model = simpleRnn.instantiate({ ...task.sizes, hidden_size: 4, num_layers: 1 });
/** Layers of which no weight is highly plastic. */
const slowLayers = ethereal.instantiate({
  ...{ ...task.sizes, hidden_size: 4, num_layers: 1, plast_proportion: 0 },
});
const learning = (sequences: number, replicas = 1, network = model) => ({
  model: network,
  loss: task.loss,
  extents: { replicas, sequences, steps: task.steps },
});
const learned = (values: ReadonlyMap<string, Values>, { slots }: Program) =>
  new Map([...values].filter(([name]) => slots.get(name)?.kind === "parameter"));

Deno.test("accumulated batches are one large batch, and nothing moves before the last of them", async () => {
  for (const optimizer of ["sgd", "adamw"] as const) {
    const settings = { optimizer, learning_rate: 0.05, grad_clip: 0.1 };
    const large = updaters.bptt.build(learning(4), settings);
    const small = updaters.bptt.build(learning(2), { ...settings, accumulate_batches: 2 });
    const run = (program: Program, iterations: number) =>
      trainOn(referenceBackend(), program, { seeds: [3], task, iterations, procedures: ["train"] });
    const expected = learned(await run(large, 3), large);
    assertTwins(learned(await run(small, 6), small), expected, { bound: 1e-12, what: optimizer });
    // The seventh batch waits for the eighth.
    assert.deepEqual(
      learned(await run(small, 7), small),
      learned(await run(small, 6), small),
    );
  }
});

const scheduledCases = [
  ...(["dfa", "backprop", "bptt", "rtrl"] as const).map((rule) => [rule, model] as const),
  ...(["dfa", "backprop", "bptt"] as const).map((rule) => [rule, slowLayers] as const),
];

for (const [rule, network] of scheduledCases) {
  Deno.test(`${rule}, ${network.name}: a schedule multiplies the rate of each replica, batch by batch`, async () => {
    const sequences = rule === "rtrl" ? 1 : 2;
    const extents = learning(sequences, 2, network);
    const scheduled = updaters[rule].build(extents, {
      schedule: "exponential",
      gamma: 0.5,
      warm_up: 1,
    });
    const plain = updaters[rule].build(extents, {});
    for (const backend of [referenceBackend(), cpuBackend({ threads: 2 })]) {
      const run = async (program: Program, factors: readonly number[]) => {
        const engine = await backend.prepare(program, { chunk: factors.length });
        writeStart(engine, { seeds: [3, 4], task });
        for (const factor of factors) {
          engine.write("learning_rate", Float64Array.of(0.08 * factor, 0.02 * factor));
          await engine.run("train", { iterations: 1 });
        }
        const names = Object.keys(network.parameters);
        const values = new Map([...await engine.read(names)].map(([k, v]) => [k, v.slice()]));
        engine.close();
        return values;
      };
      const expected = await run(plain, [1, 1, 0.5, 0.25]);
      const bound = backend.name === "reference" ? 1e-14 : 1e-6;
      const actual = await run(scheduled, [1, 1, 1, 1]);
      assertTwins(actual, expected, { bound, what: `${rule}, ${backend.name}` });
    }
  });
}

Deno.test("a schedule leaves highly plastic weights alone: they are the memory", async () => {
  const highly = { ...task.sizes, hidden_size: 4, num_layers: 1, plast_proportion: 1 };
  const network = ethereal.instantiate(highly);
  const extents = { replicas: 1, sequences: 1, steps: 1 };
  const after = async (settings: { warm_up?: number }) => {
    const program = updaters.dfa.build({ model: network, loss: task.loss, extents }, settings);
    const engine = await referenceBackend().prepare(program);
    writeStart(engine, { seeds: [3], symbols: 4 });
    const before = (await engine.read(["i2o/bias"])).get("i2o/bias")![0]!;
    await engine.run("train", { iterations: 1 });
    const left = await engine.read(["i2o/weight", "i2o/bias"]);
    engine.close();
    return { weight: left.get("i2o/weight")!.slice(), bias: left.get("i2o/bias")![0]! - before };
  };
  const [plain, half] = [await after({}), await after({ warm_up: 2 })];
  assert.deepEqual(half.weight, plain.weight);
  assert.ok(plain.bias !== 0 && Math.abs(half.bias / plain.bias - 0.5) < 1e-12, `${half.bias}`);
});

Deno.test("norms of the gradient: those of a rule within a step are those through one step", async () => {
  const extents = { replicas: 2, sequences: 2, steps: 1 };
  const networks = [
    ["gradient_norm", model],
    ["fast_gradient_norm", ethereal.instantiate({ ...task.sizes, hidden_size: 4 })],
  ] as const;
  for (const [metric, network] of networks) {
    const norms = async (rule: "backprop" | "bptt") => {
      const program = updaters[rule].build({ model: network, loss: task.loss, extents }, {});
      const engine = await referenceBackend().prepare(program);
      writeStart(engine, { seeds: [3, 4], symbols: 4 });
      await engine.run("train", { iterations: 1 });
      await engine.run("measure", { iterations: 1 });
      const measured = (await engine.read(["metrics/measure"])).get("metrics/measure")!;
      const names = program.metrics.get("measure")!;
      engine.close();
      return [0, 1].map((replica) => measured[replica * names.length + names.indexOf(metric)]!);
    };
    const [within, through] = [await norms("backprop"), await norms("bptt")];
    within.forEach((value, replica) => {
      assert.ok(value > 0.01, `${metric}: ${value}`);
      assert.ok(Math.abs(value / through[replica]! - 1) < 1e-12, `${metric}: ${through}`);
    });
  }
});
