/** Replicas in groups: the bits of all at once, and of each alone. */
import assert from "node:assert/strict";
import { hybrid } from "../../../models/hybrid.ts";
import { continualScene } from "../../../tasks/continual_scene.ts";
import { updaters } from "../../../updaters/mod.ts";
import { withoutMemory } from "../../testing/replace_method.ts";
import { writeStart } from "../../testing/twin.ts";
import { train } from "../../training/train.ts";
import { persistentSlots } from "../../training/training_session.ts";
import type { Backend } from "../backend.ts";
import { findAdapter } from "./device/adapter.ts";
import type { GpuLimits } from "./device/gpu_types.ts";
import { replicasAtOnce } from "./replica_groups.ts";
import { webgpuBackend } from "./webgpu.ts";

const ignore = await findAdapter() === undefined;

const task = continualScene.build({ vec_len: 5, scene_time: 1, interval: 2 });
const model = hybrid.instantiate({ inputs: 5, hidden_dims: [3, 2], plastic_types: ["M", "A"] });
const programOf = (replicas: number) =>
  updaters["bptt"]!.build(
    { model, loss: task.loss, extents: { replicas, sequences: 3, steps: task.steps } },
    { optimizer: "adam", learning_rate: 0.01 },
  );

/** Trains networks of these seeds. @returns what is left of them, and their metrics by row. */
async function trained(backend: Backend, seeds: readonly number[]) {
  const engine = await backend.prepare(programOf(seeds.length), { chunk: 4 });
  const rows: unknown[] = [];
  await train({
    engine,
    task,
    loss: task.loss,
    seeds,
    iterations: 10,
    logEvery: 5,
    evaluationSequences: 5,
    testSequences: 4,
    hooks: { onRow: ({ values }) => void rows.push(values) },
  });
  const tensors = await engine.read(persistentSlots(engine));
  engine.close();
  return { rows, tensors, bytes: new Map(engine.memory) };
}

const seeds = [3, 1, 4, 15, 92];
/** A tape of two replicas fits one binding of this size, one of three does not. */
const maxStorageBufferBindingSize = 64_000;
const small: Readonly<Record<string, Partial<GpuLimits>>> = {
  "groups of two": { maxStorageBufferBindingSize },
  "few bindings": { maxStorageBufferBindingSize, maxStorageBuffers: 3 },
};

Deno.test("groups: as few as fit, of one size", () => {
  assert.equal(replicasAtOnce(7, () => true), 7);
  assert.equal(replicasAtOnce(7, (replicas) => replicas <= 4), 4);
  assert.equal(replicasAtOnce(10, (replicas) => replicas <= 4), 4);
  assert.equal(replicasAtOnce(9, (replicas) => replicas <= 4), 3);
  assert.equal(replicasAtOnce(1000, (replicas) => replicas <= 33), 33);
  assert.equal(replicasAtOnce(5, () => false), 1);
});

Deno.test({
  name: "groups: replicas have the bits that they have all at once, and alone",
  ignore,
  async fn(t) {
    using whole = await webgpuBackend({ allowSoftware: true });
    const expected = await trained(whole, seeds);
    for (const [name, limits] of Object.entries(small)) {
      await t.step(name, async () => {
        using backend = await webgpuBackend({ allowSoftware: true, limits });
        const { rows, tensors, bytes } = await trained(backend, seeds);
        assert.deepEqual(rows, expected.rows);
        assert.deepEqual(tensors, expected.tensors);
        assert.ok(bytes.get("tape")! < expected.bytes.get("tape")!, "tapes are shared");
        const estimate = backend.estimateMemory(programOf(seeds.length), { chunk: 4 });
        assert.deepEqual(bytes, new Map(estimate));
      });
    }
    await t.step("alone", async () => {
      for (const [replica, seed] of [...seeds.entries()].slice(-2)) {
        const { tensors } = await trained(whole, [seed]);
        for (const [name, values] of tensors) {
          const of = expected.tensors.get(name)!;
          const own = of.subarray(replica * values.length, (replica + 1) * values.length);
          assert.deepEqual(own, values, `${name} of seed ${seed}`);
        }
      }
    });
  },
});

Deno.test({
  name: "groups: a run that begins while slots are read changes none of them",
  ignore,
  async fn() {
    using backend = await webgpuBackend({ allowSoftware: true, limits: small["groups of two"]! });
    using engine = await backend.prepare(programOf(5));
    writeStart(engine, { seeds });
    const names = persistentSlots(engine);
    const before = await engine.read(names);
    const reading = engine.read(names);
    await engine.run("train", { iterations: 1 });
    assert.deepEqual(await reading, before);
    assert.notDeepEqual(await engine.read(names), before);
  },
});

Deno.test({
  name: "groups: what all groups share is not read, and what does not fit is refused as elsewhere",
  ignore,
  async fn() {
    using backend = await webgpuBackend({ allowSoftware: true, limits: small["groups of two"]! });
    const program = programOf(5);
    using engine = await backend.prepare(program);
    const tape = [...program.slots.values()].find(({ kind }) => kind === "tape")!.name;
    await assert.rejects(engine.read([tape]), /RangeError: .*is kept for 3 replicas at a time/);
    assert.throws(
      () => engine.write("metrics/train", new Float32Array(7)),
      /RangeError: "metrics\/train" holds \d+ values, got 7/,
    );
    const limits = { maxStorageBufferBindingSize: 16_000 };
    using tiny = await webgpuBackend({ allowSoftware: true, limits });
    await assert.rejects(
      tiny.prepare(program),
      /RangeError: ".+" takes 18000 bytes, more than the 16000 that one binding/,
    );
  },
});

Deno.test({
  name: "groups: where the device has too little memory for all, there are fewer at once",
  ignore,
  async fn() {
    using backend = await webgpuBackend({ allowSoftware: true });
    const program = programOf(5);
    let attempts = 0;
    const putBack = withoutMemory(() => ++attempts < 3);
    try {
      using engine = await backend.prepare(program);
      // 5, 3, 2 replicas.
      assert.equal(
        engine.memory.get("tape")! * 5,
        2 * backend.estimateMemory(program).get("tape")!,
      );
    } finally {
      putBack();
    }
  },
});
