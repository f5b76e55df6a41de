/** Averaged networks: what they are, and that they are what is judged. */
import assert from "node:assert/strict";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { averageSlot } from "../core/program/average_slot.ts";
import { createBatches } from "../core/training/batches.ts";
import { models } from "../models/mod.ts";
import { findTask } from "../tasks/mod.ts";
import { forwardProgram } from "./forward_only.ts";
import { updaters } from "./mod.ts";

const seeds = [4, 5];
const task = findTask("continual_scene").build({
  scene_time: 2,
  vec_len: 5,
  scenes: 6,
  curriculum: false,
});
const model = models["hybrid"]!.instantiate({ ...task.sizes, hidden_dims: [4, 3] });
const learning = {
  model,
  loss: task.loss,
  extents: { replicas: seeds.length, sequences: 2, steps: task.steps },
};
const names = Object.keys(model.parameters);
type Weights = ReadonlyMap<string, ArrayLike<number>>;

async function open(program: ReturnType<typeof forwardProgram>, weights?: Weights) {
  const engine = await referenceBackend().prepare(program);
  for (const { name } of [...program.slots.values()].filter(isPersistent)) {
    engine.write(
      name,
      Float64Array.from(weights?.get(name) ?? initialValues(program, name, seeds)),
    );
  }
  return engine;
}

const batchOf = (program: ReturnType<typeof forwardProgram>, first: number) =>
  createBatches(program, task, { seeds, chunk: 1 }).draw("train", { first, iterations: 1 });

/** What a network with these weights does on a batch. */
async function judge(weights: Weights, first: number) {
  const engine = await open(forwardProgram(learning), weights);
  for (const [name, values] of batchOf(engine.program, first)) engine.write(name, values);
  await engine.run("evaluate", { iterations: 1 });
  const counts = (await engine.read(["metrics/evaluate"])).get("metrics/evaluate")!.slice();
  engine.close();
  return counts;
}

async function trainFor(updates: number, average_share: number) {
  const settings = { learning_rate: 0.05, optimizer: "adam", average_share } as const;
  const engine = await open(updaters["bptt"]!.build(learning, settings));
  const rows: ArrayLike<number>[] = [];
  const before: Weights[] = [];
  const copy = async (slots: readonly string[]) =>
    new Map([...await engine.read(slots)].map(([name, values]) => [name, values.slice()]));
  for (let first = 0; first < updates; first++) {
    before.push(await copy(names));
    for (const [name, values] of batchOf(engine.program, first)) engine.write(name, values);
    await engine.run("train", { iterations: 1 });
    rows.push((await engine.read(["metrics/train"])).get("metrics/train")!.slice());
  }
  return { engine, rows, before, read: copy };
}

const near = (a: ArrayLike<number>, b: ArrayLike<number>, what: string) => {
  assert.equal(a.length, b.length);
  Array.from(a).forEach((value, index) =>
    assert.ok(Math.abs(value - b[index]!) < 1e-9, `${what}: ${value}, expected ${b[index]}`)
  );
};

Deno.test("an update is judged by the averaged network, before the update", async () => {
  const share = 0.5;
  const { engine, rows, before, read } = await trainFor(6, share);
  const averages = new Map(names.map((name) => [name, Float64Array.from(before[0]!.get(name)!)]));
  for (const [update, weights] of before.entries()) {
    const newest = Math.min(1, 1 / (share * (update + 1)));
    for (const [name, average] of averages) {
      average.forEach((value, index) =>
        average[index] = value + newest * (weights.get(name)![index]! - value)
      );
    }
    near(rows[update]!, await judge(averages, update), `metrics of update ${update}`);
  }
  const stored = await read(names.map(averageSlot));
  for (const name of names) near(stored.get(averageSlot(name))!, averages.get(name)!, name);
  // Held-out sequences are judged by it as well.
  for (const [name, values] of batchOf(engine.program, 9)) engine.write(name, values);
  await engine.run("evaluate", { iterations: 1, restore: true });
  const held = (await engine.read(["metrics/evaluate"])).get("metrics/evaluate")!;
  near(held, await judge(averages, 9), "metrics of held-out sequences");
  engine.close();
});

Deno.test("training does not see the averages", async () => {
  const [plain, averaged] = [await trainFor(5, 0), await trainFor(5, 0.7)];
  const [expected, counts] = [await plain.read(names), await averaged.read(names)];
  for (const name of names) assert.deepEqual(counts.get(name), expected.get(name));
  plain.engine.close();
  averaged.engine.close();
});
