/** State that goes on from batch to batch where the task says that a sequence continues. */
import assert from "node:assert/strict";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import { onEveryBackend } from "../core/testing/on_every_backend.ts";
import type { Backend, Values } from "../core/backends/backend.ts";
import { continuesInput } from "../core/training/continues.ts";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import { models } from "../models/mod.ts";
import { findUpdater } from "./mod.ts";
import { CannotTrain } from "./updater.ts";

const symbols = 5;
const model = models["rnn"]!.instantiate({
  symbols,
  hidden_size: 6,
  num_layers: 1,
  enable_recurrence: true,
  input_mode: "last_one",
});
/** Too small to change a bit of what is computed. */
const still = { learning_rate: 1e-30 };

/** The symbols of two rows, which are read in windows. */
const rows = [[0, 1, 2, 3, 4, 0, 2, 4, 1], [3, 3, 1, 0, 2, 2, 4, 1, 0]];

interface Reading {
  readonly updater: string;
  readonly steps: number;
  readonly batch: number;
  readonly continues: (window: number, row: number) => number;
  /** Moves the network to a new engine before this window. */
  readonly movedBefore?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Trains on the windows of the rows, one after another. @returns the sum of the losses of each. */
async function losses(backend: Backend, reading: Reading): Promise<number[]> {
  const { updater, steps, batch, continues, movedBefore, settings = still } = reading;
  const extents = { replicas: 1, sequences: batch, steps };
  const learning = { model, loss: crossEntropy, extents, continues: true };
  const program = findUpdater(updater).build(learning, settings);
  const kept = [...program.slots.values()].filter(isPersistent).map(({ name }) => name);
  let engine = await backend.prepare(program, { chunk: 1 });
  for (const name of kept) engine.write(name, initialValues(program, name, [3]));
  const sums: number[] = [];
  const column = program.metrics.get("train")!.indexOf("loss");
  for (let window = 0; window < 8 / steps; window++) {
    if (window === movedBefore) {
      const tensors = await engine.read(kept);
      const copies = [...tensors].map(([name, values]) => [name, values.slice()] as const);
      engine.close();
      engine = await backend.prepare(program, { chunk: 1 });
      for (const [name, values] of copies) engine.write(name, values as Values);
    }
    const at = (t: number, row: number) => rows[row]![window * steps + t]!;
    const fill = (of: (t: number, row: number) => number) =>
      Float32Array.from({ length: steps * batch }, (_, i) => of(Math.floor(i / batch), i % batch));
    engine.write("symbol", fill(at));
    engine.write("target", fill((t, row) => at(t + 1, row)));
    for (const [name, value] of [["mask", 1], ["recall", 0], ["last", 0]] as const) {
      engine.write(name, fill(() => value));
    }
    const flags = Float32Array.from({ length: batch }, (_, row) => continues(window, row));
    engine.write(continuesInput, flags);
    await engine.run("train", { iterations: 1 });
    sums.push((await engine.read(["metrics/train"])).get("metrics/train")![column]!);
  }
  engine.close();
  return sums;
}

/** Rules, each alone; bptt also with checkpoints, which leave the last state what it is. */
const rules: readonly Pick<Reading, "updater" | "settings">[] = [
  { updater: "backprop", settings: still },
  { updater: "bptt", settings: still },
  { updater: "bptt", settings: { ...still, tape: "checkpoints" } },
  { updater: "rtrl", settings: still },
];

const always = (window: number) => Number(window > 0);
const total = (sums: readonly number[]) => sums.reduce((sum, value) => sum + value, 0);

onEveryBackend(
  "carried state: windows that continue are one long sequence",
  async (backend, name) => {
    // The software driver of the tests takes seconds to compile a rule.
    for (const rule of name === "webgpu" ? rules.slice(0, 1) : rules) {
      const what = JSON.stringify(rule);
      const reading = { ...rule, batch: rule.updater === "rtrl" ? 1 : 2 };
      const whole = await losses(backend, { ...reading, steps: 8, continues: always });
      const windows = await losses(backend, { ...reading, steps: 2, continues: always });
      assert.ok(Math.abs(total(windows) - whole[0]!) < 1e-5 * whole[0]!, what);
      const anew = await losses(backend, { ...reading, steps: 2, continues: () => 0 });
      assert.ok(Math.abs(total(anew) - whole[0]!) > 1e-3 * whole[0]!, what);
    }
  },
);

onEveryBackend(
  "carried state: each place of the batch begins and goes on alone",
  async (backend) => {
    const reading = { updater: "backprop", batch: 2, steps: 4 } as const;
    const [both, none, first, second] = await Promise.all([
      always,
      () => 0,
      (window: number, row: number) => always(window) * Number(row === 0),
      (window: number, row: number) => always(window) * Number(row === 1),
    ].map((continues) => losses(backend, { ...reading, continues })));
    const gain = (sums: number[] | undefined) => sums![1]! - none![1]!;
    assert.ok(Math.abs(gain(first)) > 1e-4 && Math.abs(gain(second)) > 1e-4);
    assert.ok(Math.abs(gain(both) - gain(first) - gain(second)) < 1e-5);
  },
);

onEveryBackend("carried state: it is part of what is saved", async (backend, name) => {
  for (const updater of name === "webgpu" ? ["backprop"] : ["backprop", "bptt"]) {
    const reading = {
      ...{ updater, batch: 2, steps: 2, continues: always },
      settings: { learning_rate: 0.1 },
    };
    const straight = await losses(backend, reading);
    assert.deepEqual(await losses(backend, { ...reading, movedBefore: 2 }), straight, updater);
  }
});

Deno.test("carried state: two networks cannot go on from one state", () => {
  const extents = { replicas: 1, sequences: 1, steps: 2 };
  const build = () =>
    findUpdater("bptt").build({ model, loss: crossEntropy, extents, continues: true }, {
      average_share: 0.1,
    });
  assert.throws(build, CannotTrain);
});
