/** What is read is what was there before; training asks the device for one thing a chunk. */
import assert from "node:assert/strict";
import { simpleRnn } from "../../../models/simple_rnn.ts";
import { longRangeMemory } from "../../../tasks/long_range_memory.ts";
import { updaters } from "../../../updaters/mod.ts";
import { replaceMethod } from "../../testing/replace_method.ts";
import { train } from "../../training/train.ts";
import type { RunOptions } from "../backend.ts";
import { findAdapter } from "./device/adapter.ts";
import { openGpu } from "./gpu.ts";
import { createReader } from "./reader.ts";
import { webgpuBackend } from "./webgpu.ts";

const ignore = await findAdapter() === undefined;

Deno.test({
  name: "reader: ranges of any length come through small buffers, as they were when it was asked",
  ignore,
  async fn() {
    const gpu = await openGpu({ allowSoftware: true });
    const buffer = gpu.storage("memory", 4 * 100);
    const first = Float32Array.from({ length: 100 }, (_, index) => index);
    gpu.write(buffer, 0, first);
    const reader = createReader(gpu, [gpu.staging("a", 64), gpu.staging("b", 64)]);
    const ranges = [[0, 100], [5, 3], [7, 16], [40, 33], [99, 1]] as const;
    const wanted = ranges.map(([offset, length]) => ({
      buffer,
      offset,
      values: new Float32Array(length),
    }));
    const last = { buffer, offset: 10, values: new Float32Array(40) };
    const reads = [reader.read(wanted), reader.read([last])];
    // All are asked for at once, the changes in between.
    const fill = (value: number) =>
      reader.change(() => gpu.write(buffer, 0, new Float32Array(100).fill(value)));
    assert.ok(reader.isBusy());
    const changed = fill(-1);
    assert.ok(changed);
    const between = { buffer, offset: 0, values: new Float32Array(100) };
    reads.push(reader.read([between]));
    await Promise.all([fill(-2), ...reads]);
    assert.deepEqual(between.values, new Float32Array(100).fill(-1));
    for (const { offset, values } of [...wanted, last]) {
      assert.deepEqual(values, first.subarray(offset, offset + values.length));
    }
    await reader.read([last]);
    assert.deepEqual(last.values, new Float32Array(40).fill(-2));
    assert.ok(!reader.isBusy());
    assert.equal(fill(-3), undefined);
    gpu.close();
  },
});

Deno.test({
  name:
    "training: a chunk of iterations is one submission, and one for its metrics, read while the next runs",
  ignore,
  async fn() {
    const task = longRangeMemory.build();
    const model = simpleRnn.instantiate({ symbols: task.output[0]!, hidden_size: 4 });
    const program = updaters["bptt"]!.build(
      { model, loss: task.loss, extents: { replicas: 2, sequences: 2, steps: task.steps } },
      { learning_rate: 0.01 },
    );
    using backend = await webgpuBackend({ allowSoftware: true });
    using engine = await backend.prepare(program, { chunk: 8 });
    const counts = { submit: 0, mapAsync: 0 };
    const undo = (["submit", "mapAsync"] as const).map((name) =>
      replaceMethod(name, (call) =>
        function (...args) {
          counts[name]++;
          return call.apply(this, args);
        })
    );
    let chunks = 0;
    const counted = {
      ...engine,
      run(procedure: string, options: RunOptions) {
        chunks++;
        return engine.run(procedure, options);
      },
    };
    const common = { engine: counted, task, loss: task.loss, seeds: [1, 2], logEvery: 100 };
    try {
      await train({ ...common, iterations: 100 });
    } finally {
      undo.forEach((putBack) => putBack());
    }
    const other = program.procedures.has("measure") ? 1 : 0;
    assert.ok(chunks - other < 100, `${chunks} chunks`);
    // The checkpoint at the end is read at once.
    assert.deepEqual(counts, { submit: 2 * chunks + 1, mapAsync: chunks + 1 });
  },
});

Deno.test({
  name: "engine: what is written while more is read than the staging buffers hold comes afterwards",
  ignore,
  async fn() {
    const task = longRangeMemory.build();
    const model = simpleRnn.instantiate({ symbols: task.output[0]!, hidden_size: 2 });
    const program = updaters["bptt"]!.build(
      { model, loss: task.loss, extents: { replicas: 1, sequences: 100, steps: task.steps } },
      { learning_rate: 0.01 },
    );
    using backend = await webgpuBackend({ allowSoftware: true });
    const sizeOf = (chunk: number) => chunk * task.steps * 100;
    const chunk = Math.ceil(2 ** 24 / sizeOf(1));
    using engine = await backend.prepare(program, { chunk });
    const values = new Float32Array(sizeOf(chunk)).fill(1);
    const readLast = async () => (await engine.read(["symbol"])).get("symbol")!.at(-1);
    engine.write("symbol", values);
    const first = readLast();
    engine.write("symbol", values.fill(2));
    const second = readLast();
    values.fill(3);
    assert.deepEqual(await Promise.all([first, second]), [1, 2]);
  },
});
