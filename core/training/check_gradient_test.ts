/** What the check of a gradient compares, and what it calls an error. */
import assert from "node:assert/strict";
import { z } from "../../deps/zod.ts";
import {
  abs,
  add,
  binaryCrossEntropy,
  checkGradient,
  constantValue,
  defineModel,
  defineTask,
  mul,
  relu,
  stopGradient,
  sum,
  updaters,
  type Value,
  vector,
} from "../../mod.ts";

const task = defineTask({
  name: "signs",
  summary: "Whether the sum of two numbers is positive, with weights that are not 1",
  aliases: [],
  config: z.strictObject({}),
  build: (_, facts) => ({
    ...facts,
    steps: 5,
    sizes: {},
    inputs: { x: [2], target: [], weight: [] },
    output: [],
    loss: binaryCrossEntropy,
    score: "accuracy",
    chance: 0.5,
    bestLoss: 0,
    sequence(random) {
      const x = Float32Array.from({ length: 10 }, () => random.normal());
      const target = Float32Array.from({ length: 5 }, (_, t) => Number(x[2 * t]! > -x[2 * t + 1]!));
      const weight = Float32Array.of(0.5, 0, 0.25, 3, 0.01);
      return { x, target, weight };
    },
  }),
}).build();

/** A model with two weights w, of which the output is sum(f(w) x). */
function programOf(
  f: (w: Value) => Value,
  { first, probe, sequences = 3 }: { first: number; probe: boolean; sequences?: number },
) {
  const model = defineModel({
    name: "line",
    config: z.strictObject({}),
    parameters: () => ({ w: vector(2, constantValue(first)) }),
    state: () => ({ y: vector(2) }),
    inputs: () => ({ x: [2] }),
    step({ w }, { y }, { x }) {
      const next = add(mul(0.5, y), mul(f(w), x));
      return { state: { y: next }, output: sum(next) };
    },
  }).instantiate({});
  const learning = { model, loss: task.loss, extents: { replicas: 1, sequences, steps: 5 }, probe };
  return updaters["bptt"]!.build(learning, { learning_rate: 1 });
}

for (const probe of [false, true]) {
  const how = probe ? "kept" : "of an update";
  Deno.test(`checkGradient: the weighted loss of a batch is what is compared, gradient ${how}`, async () => {
    const program = programOf((w) => w, { first: 0.3, probe });
    const [check] = await checkGradient({ program, task });
    assert.ok(check!.error < 1e-7, `${check!.error}`);
    assert.deepEqual([check!.kinks, check!.samples], [[], 2]);
  });
}

Deno.test("checkGradient: a kink is no error, and is listed with both slopes", async () => {
  const [check] = await checkGradient({
    program: programOf(relu, { first: 0, probe: true }),
    task,
  });
  assert.equal(check!.kinks.length, 2);
  assert.deepEqual(check!.kinks.map(({ element }) => element), [[0], [1]]);
  assert.equal(check!.error, 0);
  assert.equal(check!.worst, undefined);
});

Deno.test("checkGradient: a kink nearby spoils nothing", async () => {
  const program = programOf(abs, { first: 3e-6, probe: true });
  const [check] = await checkGradient({ program, task });
  assert.deepEqual(check!.kinks, []);
  assert.ok(check!.error < 1e-5, `${check!.error}`);
});

Deno.test("checkGradient: a wrong slope is an error, the worst number is told", async () => {
  const half = (w: Value) => add(mul(0.5, w), mul(0.5, stopGradient(w)));
  const program = programOf(half, { first: 0.3, probe: false });
  const [check] = await checkGradient({ program, task });
  assert.ok(Math.abs(check!.error - 0.5) < 1e-6, `${check!.error}`);
  const { element, derived, central } = check!.worst!;
  assert.equal(element.length, 1);
  assert.ok(Math.abs(derived / central - 0.5) < 1e-6);
  assert.deepEqual(check!.kinks, []);
});

Deno.test("checkGradient: a wrong slope at a kink is an error", async () => {
  const wrong = (w: Value) => add(abs(w), mul(5, add(w, mul(-1, stopGradient(w)))));
  const [check] = await checkGradient({
    program: programOf(wrong, { first: 0, probe: true }),
    task,
  });
  assert.deepEqual(check!.kinks, []);
  assert.ok(check!.error > 1);
});

Deno.test("checkGradient: tells how many numbers it has moved, of those that it will move", async () => {
  for (const samples of [1, 2, 10]) {
    const told: number[][] = [];
    await checkGradient({
      program: programOf((w) => w, { first: 1, probe: true }),
      ...{ task, samples, onSample: (...counts) => told.push(counts) },
    });
    const total = Math.min(samples, 2);
    assert.deepEqual(told, Array.from({ length: total + 1 }, (_, moved) => [moved, total]));
  }
});
