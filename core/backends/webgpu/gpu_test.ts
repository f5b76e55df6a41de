/** The module that calls WebGPU: mistakes are errors with a name, never a wrong result. */
import assert from "node:assert/strict";
import { NoAdapterError } from "./device/adapter.ts";
import { openGpu } from "./gpu.ts";

const kernel = (body: string) =>
  `@group(0) @binding(0) var<storage, read_write> memory0: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  ${body}
}`;

Deno.test("gpu: errors are found where they are made", async (t) => {
  const gpu = await openGpu({ allowSoftware: true });
  const memory = gpu.storage("memory", 256);
  const moments = gpu.moments("moments", 2);
  const staging = gpu.staging("staging", 256);
  const bindings = gpu.bind([memory], moments);
  const compile = (label: string, body: string) =>
    gpu.compile({ label, source: kernel(body), bindings, workgroups: 1 });

  await t.step("a kernel that does not compile is named, whatever else is compiled", async () => {
    const results = await Promise.allSettled([
      compile("good one", "memory0[id.x] = 1.0;"),
      compile("broken", "memory0[id.x] = missing_name;"),
      compile("good two", "memory0[id.x] = 2.0;"),
      compile("also broken", "memory0[id.x] = 1u;"),
      compile("good three", "memory0[id.x] = 3.0;"),
    ]);
    assert.deepEqual(results.map(({ status }) => status === "fulfilled"), [
      true,
      false,
      true,
      false,
      true,
    ]);
    assert.match(
      String((results[1] as PromiseRejectedResult).reason),
      /Kernel broken: .*missing_name/s,
    );
    assert.match(String((results[3] as PromiseRejectedResult).reason), /Kernel also broken: /);
    gpu.check();
  });

  await t.step("buffers and ranges are checked before the call", () => {
    for (const bytes of [0, -4, 6, NaN, Infinity, 2 ** 60]) {
      assert.throws(() => gpu.storage("odd", bytes), /RangeError: Buffer "odd"/);
    }
    assert.throws(() => gpu.write(memory, 2, new Float32Array(1)), /RangeError.*no range 2 \+ 4/);
    assert.throws(() => gpu.write(memory, 252, new Float32Array(2)), /RangeError/);
    const recorder = gpu.record();
    assert.throws(
      () => recorder.copy(memory, staging, { from: 0, to: 0, bytes: 260 }),
      /RangeError: Buffer "memory" of 256 bytes has no range 0 \+ 260/,
    );
    recorder.submit();
  });

  await t.step("what is written and computed is read back", async () => {
    gpu.write(memory, 0, Float32Array.from({ length: 64 }, (_, i) => i));
    const double = await compile("double", "memory0[id.x] = 2.0 * memory0[id.x];");
    const recorder = gpu.record();
    recorder.dispatch(double, bindings, [0, 0]);
    recorder.copy(memory, staging, { from: 128, to: 0, bytes: 16 });
    recorder.submit();
    assert.deepEqual([...new Float32Array(await gpu.read(staging, 16))], [64, 66, 68, 70]);
  });
  gpu.close();
});

Deno.test("gpu: a software adapter is refused unless it is allowed", async () => {
  const gpu = await openGpu({ allowSoftware: true });
  const { isSoftware } = gpu;
  gpu.close();
  if (!isSoftware) return;
  await assert.rejects(() => openGpu({ allowSoftware: false }), (error: Error) => {
    assert.ok(error instanceof NoAdapterError);
    assert.match(error.message, /software .*--allow-software-adapter/);
    return true;
  });
});
