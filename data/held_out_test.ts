/** Rows that are held out are judged once each, however many sequences are asked for, in batches of any size. */
import assert from "node:assert/strict";
import { z } from "../deps/zod.ts";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { defineLoss } from "../core/losses/define_loss.ts";
import * as metric from "../core/losses/metric_kinds.ts";
import { clusteredRatioInterval } from "../core/numerics/clustered.ts";
import { scalar } from "../core/program/declaration.ts";
import { less, mul, square, sub } from "../core/program/language.ts";
import { defineModel } from "../core/program/model.ts";
import type { Task } from "../core/training/task.ts";
import { train } from "../core/training/train.ts";
import { findUpdater } from "../updaters/mod.ts";
import { type Dataset, dataset } from "./dataset.ts";

interface Row {
  readonly x: number;
  readonly y: number;
}

const loss = defineLoss({
  name: "own",
  inputs: { target: [] },
  step({ output, targets: { target } }) {
    const error = sub(output, target);
    return { loss: square(error), sums: { error, low: less(output, target) } };
  },
  metrics: { bias: metric.mean("error"), low: metric.share("low"), lows: metric.count("low") },
});

/** Puts out its input times a gain that begins as 1. */
const model = defineModel({
  name: "gain",
  config: z.strictObject({}),
  parameters: () => ({ gain: scalar(1) }),
  state: () => ({}),
  inputs: () => ({ x: [] as const }),
  step: ({ gain }, _, { x }) => ({ state: {}, output: mul(gain, x) }),
}).instantiate({});

/** A hundred rows, of which so many are held out. */
const rowsOf = (validation: number, test: number) =>
  dataset<Row>(
    Array.from({ length: 100 }, (_, index) => ({ x: index / 8, y: (index * 37 % 100 - 20) / 8 })),
    {
      key: ({ x }) => x,
      split: ({ x }) =>
        8 * x < validation ? "validation" : 8 * x < validation + test ? "test" : "train",
    },
  );

/** A task of such rows. */
function taskOf(validation: number, test: number): { task: Task; data: Dataset<Row> } {
  const data = rowsOf(validation, test);
  const task: Task = {
    ...{ name: "copy", summary: "", steps: 1, loss, output: [], sizes: {}, score: "bias" },
    inputs: { x: [], target: [] },
    heldOut: data.heldOut,
    sequence(random, draw) {
      const { x, y } = data.row(random, draw);
      return { x: Float32Array.of(x), target: Float32Array.of(y) };
    },
  };
  return { task, data };
}

async function trained(
  tasks: readonly Task[],
  { updater = "bptt", batch, asked }: { updater?: string; batch: number; asked: number },
) {
  const extents = { replicas: tasks.length, sequences: batch, steps: 1 };
  const program = findUpdater(updater).build({ model, loss, extents }, { learning_rate: 1e-12 });
  const backend = cpuBackend({ threads: 1 });
  const engine = await backend.prepare(program, { chunk: 4 });
  const seeds = tasks.map((_, replica) => replica + 1);
  const result = await train({
    ...{ engine, task: tasks, loss, seeds, iterations: 2 },
    ...{ evaluationSequences: asked, testSequences: asked },
  });
  engine.close();
  backend.close();
  return result;
}

const meanError = (rows: readonly Row[]) =>
  rows.reduce((sum, { x, y }) => sum + x - y, 0) / rows.length;

const isNear = (actual: number, expected: number, what: string) =>
  assert.ok(Math.abs(actual - expected) < 1e-5, `${what}: expected ${expected}, got ${actual}`);

const cases = [
  { updater: "bptt", batch: 4, asked: 1000, name: "the last batch is not whole" },
  { updater: "bptt", batch: 64, asked: 1000, name: "a batch is larger than the rows" },
  { updater: "bptt", batch: 64, asked: 20, name: "fewer are asked for than a batch has" },
  { updater: "rtrl", batch: 1, asked: 1000, name: "one by one" },
];
for (const { name, ...options } of cases) {
  Deno.test(`held-out rows count once each: ${name}`, async () => {
    const { task, data } = taskOf(21, 53);
    const { metrics, testCounts, testEstimates } = await trained([task, task], options);
    const { validation, test } = data.rows;
    const lows = test.filter(({ x, y }) => x < y).length;
    const errors = test.map(({ x, y }) => ({ above: x - y, below: 1 }));
    const interval = clusteredRatioInterval(errors)!;
    for (const replica of [0, 1]) {
      isNear(metrics["eval/bias"]![replica]!, meanError(validation), "validation");
      isNear(metrics["test/bias"]![replica]!, meanError(test), "test");
      assert.equal(testCounts[metric.SEQUENCES]![replica], 53);
      const [bias, low] = [testEstimates["bias"]![replica]!, testEstimates["low"]![replica]!];
      assert.equal(bias.sequences, 53);
      isNear(bias.interval!.low, interval.low, "low end");
      isNear(bias.interval!.high, interval.high, "high end");
      assert.deepEqual(low.count, { count: lows, of: 53 });
    }
  });
}

Deno.test("replicas with data sets of several sizes are judged on as many rows as the least has", async () => {
  const [small, large] = [taskOf(5, 9), taskOf(20, 30)];
  const { metrics, testEstimates } = await trained([large.task, small.task], {
    batch: 4,
    asked: 1000,
  });
  for (const [replica, { data }] of [large, small].entries()) {
    const { validation, test } = data.rows;
    isNear(metrics["eval/bias"]![replica]!, meanError(validation.slice(0, 5)), "validation");
    isNear(metrics["test/bias"]![replica]!, meanError(test.slice(0, 9)), "test");
    assert.equal(testEstimates["bias"]![replica]!.sequences, 9);
  }
});

Deno.test("fewer sequences than rows: as many as are asked for, in whole batches", async () => {
  const { testEstimates } = await trained([taskOf(21, 53).task], { batch: 8, asked: 20 });
  assert.equal(testEstimates["bias"]![0]!.sequences, 24);
});
