/** Metrics of every kind in a training, against the same numbers from the drawn sequences themselves. */
import assert from "node:assert/strict";
import { z } from "../../deps/zod.ts";
import { findUpdater } from "../../updaters/mod.ts";
import { cpuBackend } from "../backends/cpu/cpu.ts";
import { defineLoss } from "../losses/define_loss.ts";
import * as metric from "../losses/metric_kinds.ts";
import { scalar } from "../program/declaration.ts";
import { less, mul, square, sub } from "../program/language.ts";
import { defineModel } from "../program/model.ts";
import { drawSequence, type Task } from "./task.ts";
import { train } from "./train.ts";

const STEPS = 6;

const loss = defineLoss({
  name: "own",
  unit: "mV²",
  inputs: { target: [] },
  step({ output, targets: { target } }) {
    const error = sub(output, target);
    const low = less(output, 0);
    return { loss: square(error), sums: { error, output, target, low } };
  },
  metrics: {
    bias: metric.mean("error", { unit: "mV" }),
    low: metric.share("low"),
    lows: metric.count("low"),
    rms: metric.rootMeanSquare("error", { unit: "mV", better: "less" }),
    correlation: metric.correlation("output", "target"),
  },
});

/** A noisy copy of the input, in sequences of two lengths. */
const task: Task = {
  ...{ name: "copy", summary: "", steps: STEPS, loss, output: [], sizes: {}, score: "rms" },
  inputs: { x: [], target: [] },
  sequence(random) {
    const length = STEPS - random.below(3);
    const x = Float32Array.from({ length }, () => random.normal());
    return { x, target: x.map((value) => value + 0.5 * random.normal()) };
  },
};

/** Puts out its input times a gain that begins as 1. */
const model = defineModel({
  name: "gain",
  config: z.strictObject({}),
  parameters: () => ({ gain: scalar(1) }),
  state: () => ({}),
  inputs: () => ({ x: [] as const }),
  step: ({ gain }, _, { x }) => ({ state: {}, output: mul(gain, x) }),
}).instantiate({});

/** The metrics of test sequences 0 .. count - 1 of a seed, while the gain is 1. */
function expected(seed: number, count: number) {
  const drawn = Array.from(
    { length: count },
    (_, index) => drawSequence(task, { seed, split: "test", index }),
  );
  const [x, y] = [drawn.flatMap((s) => [...s["x"]!]), drawn.flatMap((s) => [...s["target"]!])];
  const errors = x.map((value, index) => value - y[index]!);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const centred = (values: readonly number[]) => values.map((value) => value - mean(values));
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, index) => sum + value * b[index]!, 0);
  const [cx, cy] = [centred(x), centred(y)];
  const lows = x.filter((value) => value < 0).length;
  return {
    loss: dot(errors, errors) / errors.length,
    bias: mean(errors),
    low: lows / x.length,
    lows: lows / count,
    rms: Math.sqrt(dot(errors, errors) / errors.length),
    correlation: dot(cx, cy) / Math.sqrt(dot(cx, cx) * dot(cy, cy)),
  };
}

async function trained(
  { updater, seeds, sequences }: { updater: string; seeds: number[]; sequences: number },
) {
  const extents = { replicas: seeds.length, sequences, steps: STEPS };
  const program = findUpdater(updater).build({ model, loss, extents }, { learning_rate: 1e-9 });
  const backend = cpuBackend({ threads: 1 });
  const engine = await backend.prepare(program, { chunk: 8 });
  const result = await train({
    ...{ engine, task, loss, seeds, iterations: 4, evaluationSequences: 8, testSequences: 40 },
  });
  engine.close();
  backend.close();
  return result;
}

for (const [updater, sequences] of [["bptt", 4], ["rtrl", 1]] as const) {
  Deno.test(`own metrics of ${updater}: mean, share, count, root mean square, correlation`, async () => {
    const seeds = [1, 2];
    const { metrics, testEstimates } = await trained({ updater, seeds, sequences });
    for (const [replica, seed] of seeds.entries()) {
      for (const [name, value] of Object.entries(expected(seed, 40))) {
        const found = metrics[`test/${name}`]![replica]!;
        assert.ok(Math.abs(found - value) < 1e-5, `${name}: expected ${value}, got ${found}`);
        const { value: estimate, interval } = testEstimates[name]![replica]!;
        // Of the sums of each sequence, not of each batch: float32 rounds them differently.
        assert.ok(Math.abs(estimate - found) < 1e-6, name);
        assert.ok(interval!.low < value && value < interval!.high, `interval of ${name}`);
        assert.ok(Number.isFinite(metrics[`train/${name}`]![replica]!), `train/${name}`);
      }
    }
    const { high } = testEstimates["correlation"]![0]!.interval!;
    assert.ok(high <= 1);
    assert.ok(testEstimates["low"]![0]!.count!.of > 40);
    assert.equal(testEstimates["lows"]![0]!.count, undefined);
  });
}

Deno.test("metrics of one replica are lists of one, like those of several", async () => {
  const { metrics, testCounts } = await trained({ updater: "bptt", seeds: [1], sequences: 4 });
  for (const [name, values] of [...Object.entries(metrics), ...Object.entries(testCounts)]) {
    assert.ok(Array.isArray(values) && values.length === 1, name);
  }
  assert.equal(testCounts[metric.SEQUENCES]![0], 40);
});

Deno.test("a goal where less is better is reached from above", async () => {
  const extents = { replicas: 1, sequences: 4, steps: STEPS };
  const program = findUpdater("bptt").build({ model, loss, extents }, { learning_rate: 1e-9 });
  const backend = cpuBackend({ threads: 1 });
  const endOf = async (threshold: number, score: string) => {
    const engine = await backend.prepare(program, { chunk: 8 });
    const goal = { threshold, streak: 2, longest: 5 };
    const { endReason } = await train({
      ...{ engine, task: { ...task, score, goal }, loss, seeds: [1], iterations: 20 },
    });
    engine.close();
    return endReason;
  };
  assert.equal(await endOf(5, "rms"), "completed");
  assert.equal(await endOf(0.001, "loss"), "unconverged");
  assert.equal(await endOf(5, "correlation"), "unconverged");
  backend.close();
});
