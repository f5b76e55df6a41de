/** What random numbers in a step are for, as a script of one's own writes it, with imports from `mod.ts` alone. */
import assert from "node:assert/strict";
import { z } from "../deps/zod.ts";
import {
  add,
  defineModel,
  div,
  dot,
  filled,
  linear,
  type Loss,
  matrix,
  mul,
  normal,
  openBackend,
  scalar,
  square,
  sub,
  sum,
  tanh,
  type Task,
  train,
  type Updater,
  updaters,
  vector,
} from "../mod.ts";
import type { Model } from "../mod.ts";
import nodePerturbation from "../examples/own/node_perturbation.ts";

const squaredError: Loss = {
  name: "squared-error",
  inputs: { target: [] },
  step({ output, targets }) {
    const [loss, one] = [square(sub(sum(output), targets["target"]!)), filled(output, 1, [])];
    return { loss, weight: one, sums: { loss, steps: one } };
  },
  metrics: { loss: ["loss", "steps"] },
};

const STEPS = 20;
const FEATURES = 4;

/** Sequences of independent signs x, and what a teacher makes of them. */
const taskOf = (teacher: (x: Float32Array) => number): Task => ({
  name: "teacher",
  summary: "What a fixed function makes of random signs",
  steps: STEPS,
  inputs: { x: [FEATURES], target: [] },
  loss: squaredError,
  output: [],
  sizes: {},
  score: "loss",
  chance: NaN,
  bestLoss: 0,
  sequence(random) {
    const x = Float32Array.from({ length: STEPS * FEATURES }, () => random.below(2) ? 1 : -1);
    const target = Float32Array.from(
      { length: STEPS },
      (_, t) => teacher(x.subarray(t * FEATURES, (t + 1) * FEATURES)),
    );
    return { x, target };
  },
});

const config = z.strictObject({});

/** Trains on the cpu. @returns the metrics, and the values of a parameter. */
async function trained(
  model: Model,
  { updater, settings, task, iterations, parameter }: {
    updater: Updater;
    settings: Readonly<Record<string, unknown>>;
    task: Task;
    iterations: number;
    parameter: string;
  },
) {
  const extents = { replicas: 1, sequences: 32, steps: STEPS };
  const learning = { model: model.instantiate({}), loss: task.loss, extents };
  const program = updater.build(learning, settings);
  const { backend } = await openBackend({ device: "cpu", threads: 1 });
  const engine = await backend.prepare(program, { chunk: 50 });
  const { metrics } = await train({
    engine,
    task,
    loss: task.loss,
    seeds: [1],
    iterations,
    logEvery: iterations,
    evaluationSequences: 64,
  });
  const values = (await engine.read([parameter])).get(parameter)!;
  engine.close();
  backend.close();
  return { metrics, values: [...values] };
}

Deno.test("recurrent noise: the variance of a leaky unit is that of the theory, and 0 where it is judged", async () => {
  const [decay, sigma] = [0.9, 0.5];
  const leaky = defineModel({
    name: "leaky",
    config,
    parameters: () => ({ unused: scalar(0) }),
    state: () => ({ h: vector(8) }),
    inputs: () => ({ x: [FEATURES] as const }),
    step({ unused }, { h }, _inputs, _config, random) {
      const noise = mul(sigma, random.normal(8, { evaluation: 0 }));
      const next = add(mul(decay, h), noise);
      return { state: { h: next }, output: add(mul(unused, sum(next)), next) };
    },
  });
  const variance: Loss = {
    ...squaredError,
    inputs: {},
    step({ output }) {
      const [loss, one] = [div(sum(square(output)), 8), filled(output, 1, [])];
      return { loss, weight: one, sums: { loss, steps: one } };
    },
  };
  const { metrics } = await trained(leaky, {
    updater: updaters["bptt"]!,
    settings: { learning_rate: 1e-9 },
    task: { ...taskOf(() => 0), loss: variance, output: [8] },
    iterations: 50,
    parameter: "unused",
  });
  // From h = 0: var h(t) = sigma^2 (1 - decay^(2 t)) / (1 - decay^2), here its mean over the steps.
  const expected = Array.from(
    { length: STEPS },
    (_, t) => sigma ** 2 * (1 - decay ** (2 * (t + 1))) / (1 - decay ** 2),
  ).reduce((total, value) => total + value, 0) / STEPS;
  const measured = Number(metrics["train/loss"]);
  assert.ok(Math.abs(measured / expected - 1) < 0.02, `${measured}, expected ${expected}`);
  assert.equal(Number(metrics["eval/loss"]), 0);
});

const teacherWeights = [1, -0.5, 0.25, 2];
const linearTeacher = (x: Float32Array): number =>
  x.reduce((total, value, i) => total + teacherWeights[i]! * value, 0);

Deno.test("dropout: of a linear unit it shrinks each weight by the share that is kept", async () => {
  // E[(sum m x w / p - y)^2] with independent signs x is lowest at w = p c (Wager, Wang and Liang, 2013).
  const kept = 0.8;
  const model = defineModel({
    name: "dropout",
    config,
    parameters: () => ({ w: vector(FEATURES) }),
    state: () => ({}),
    inputs: () => ({ x: [FEATURES] as const }),
    step({ w }, _state, { x }, _config, random) {
      const mask = div(random.bernoulli(kept, FEATURES, { evaluation: kept }), kept);
      return { state: {}, output: dot(w, mul(mask, x)) };
    },
  });
  const { metrics, values } = await trained(model, {
    updater: updaters["bptt"]!,
    settings: { learning_rate: 1e-3 },
    task: taskOf(linearTeacher),
    iterations: 300,
    parameter: "w",
  });
  values.forEach((w, i) => {
    const expected = kept * teacherWeights[i]!;
    assert.ok(Math.abs(w - expected) < 0.03, `weight ${i}: ${w}, expected ${expected}`);
  });
  // Judged without dropout: ((1 - p) c)^2, summed over the weights.
  const squares = teacherWeights.reduce((total, c) => total + c * c, 0);
  const judged = Number(metrics["eval/loss"]);
  assert.ok(Math.abs(judged - 0.04 * squares) < 0.02, `${judged}`);
});

Deno.test("node perturbation: a rule with draws of its own learns what takes a hidden layer", async () => {
  const units = 12;
  const model = defineModel({
    name: "two-layers",
    config,
    parameters: () => ({
      w: matrix(units, FEATURES, normal(0.5)),
      b: vector(units),
      out: matrix(1, units, normal(0.3)),
      outBias: vector(1),
    }),
    state: () => ({}),
    inputs: () => ({ x: [FEATURES] as const }),
    step({ w, b, out, outBias }, _state, { x }) {
      const hidden = tanh(linear("hidden", { weight: w, bias: b, input: x }));
      const output = linear("output", {
        weight: out,
        bias: outBias,
        input: hidden,
        role: "output",
      });
      return { state: {}, output };
    },
  });
  // The parity of two signs: no linear network is better than the variance of the target, 1.
  const parity: Task = { ...taskOf((x) => x[0]! * x[1]!), output: [1] };
  const { metrics } = await trained(model, {
    updater: nodePerturbation,
    settings: { learning_rate: 0.01 },
    task: parity,
    iterations: 300,
    parameter: "w",
  });
  const loss = Number(metrics["eval/loss"]);
  assert.ok(loss < 0.01, `loss ${loss}`);
});
