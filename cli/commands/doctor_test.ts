import assert from "node:assert/strict";
import { mock } from "node:test";
import { findAdapter } from "../../core/backends/webgpu/device/adapter.ts";
import { openGpu } from "../../core/backends/webgpu/gpu.ts";
import { testGpu } from "../doctor/gpu_tests.ts";
import { main } from "../main.ts";

Deno.test("doctor tells of every device and exits 0 where one works", async () => {
  const out = mock.method(console, "log", () => {});
  let code, text;
  try {
    code = await main(["doctor"]);
    text = out.mock.calls.flatMap((call) => call.arguments as unknown[]).join("\n");
  } finally {
    out.mock.restore();
  }
  assert.equal(code, 0);
  for (
    const part of [
      /Deno +2\./,
      /WebAssembly +(256-bit vectors, no bounds checks|128-bit vectors\n.* DENO_V8_FLAGS=--\S+ deno run)/,
      /WebGPU adapter/,
      /--device reference +works/,
      /--device auto\n +device: /,
    ]
  ) assert.match(text, part);
  assert.doesNotMatch(text, /FAIL/);
});

const ignore = await findAdapter() === undefined && Deno.env.get("CI") === undefined;
if (ignore) console.log("skip: tests of the GPU, as there is no adapter");
Deno.test({
  name: "the adapter passes its tests",
  ignore,
  async fn() {
    const gpu = await openGpu({ allowSoftware: true });
    try {
      const results = await testGpu(gpu);
      assert.equal(results.length, 3);
      assert.deepEqual(results.filter(({ passed }) => !passed), []);
    } finally {
      gpu.close();
    }
  },
});
