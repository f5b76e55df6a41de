/** The hand-written WGSL on a device: equal to its TypeScript twins. */
import assert from "node:assert/strict";
import { columnsOf, ERROR_BOUND, scanColumns, worstError } from "../numerics/testing/accuracy.ts";
import { libraryName, libraryOps } from "../program/operations.ts";
import { philox4x32, randomStream } from "../random.ts";
import type { Gpu } from "../backends/webgpu/device/gpu_types.ts";
import { openGpu } from "../backends/webgpu/gpu.ts";
import functions from "./functions.wgsl" with { type: "text" };
import philox from "./philox.wgsl" with { type: "text" };

const LANES = 64;

/** Runs `body` for every e below `count`, between two storage arrays of u32. */
async function runKernel(
  gpu: Gpu,
  { label, library, body, input, outputs, count }: {
    label: string;
    library: string;
    body: string;
    input: Uint32Array;
    outputs: number;
    count: number;
  },
): Promise<Uint32Array> {
  const memory = [gpu.storage("input", input.byteLength), gpu.storage("output", outputs * 4)];
  const moments = gpu.moments("moments", 1);
  const staging = gpu.staging("staging", outputs * 4);
  gpu.write(memory[0]!, 0, input);
  const bindings = gpu.bind(memory, moments);
  const source = [
    "@group(0) @binding(0) var<storage, read_write> given: array<u32>;",
    "@group(0) @binding(1) var<storage, read_write> result: array<u32>;",
    library,
    `@compute @workgroup_size(${LANES})`,
    "fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,",
    "  @builtin(local_invocation_index) lane: u32) {",
    `  let e = (group.y * groups.x + group.x) * ${LANES}u + lane;`,
    `  if (e >= ${count}u) { return; }`,
    body,
    "}",
  ].join("\n");
  const kernel = await gpu.compile({
    label,
    source,
    bindings,
    workgroups: Math.ceil(count / LANES),
  });
  const recorder = gpu.record();
  recorder.dispatch(kernel, bindings, [0, 0]);
  recorder.copy(memory[1]!, staging, { from: 0, to: 0, bytes: outputs * 4 });
  recorder.submit();
  const bytes = await gpu.read(staging, outputs * 4);
  gpu.free([...memory, moments, staging]);
  return new Uint32Array(bytes);
}

Deno.test("wgsl: the hand-written kernels are twins of the TypeScript", async (t) => {
  const gpu = await openGpu({ allowSoftware: true });

  await t.step("philox4x32 and uniforms, bit for bit", async () => {
    const count = 1280;
    const random = randomStream({ seed: 99 });
    const input = Uint32Array.from({ length: count * 6 }, () => random.bits());
    // The corners of both words, where carries are lost first.
    const corners = [0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffff0000, 0xffffffff];
    corners.forEach((word, row) => input.fill(word, row * 6, row * 6 + 6));
    corners.forEach((word, row) => input[(row + 8) * 6 + row % 6] = word);
    const result = await runKernel(gpu, {
      label: "philox",
      library: philox,
      body: `
  let counter = vec4u(given[e * 6u], given[e * 6u + 1u], given[e * 6u + 2u], given[e * 6u + 3u]);
  let words = philox4x32(counter, vec2u(given[e * 6u + 4u], given[e * 6u + 5u]));
  result[e * 5u] = words.x;
  result[e * 5u + 1u] = words.y;
  result[e * 5u + 2u] = words.z;
  result[e * 5u + 3u] = words.w;
  result[e * 5u + 4u] = bitcast<u32>(uniform_from_bits(words.x));`,
      input,
      outputs: count * 5,
      count,
    });
    for (let row = 0; row < count; row++) {
      const [counter, key] = [input.subarray(row * 6, row * 6 + 4), input.subarray(row * 6 + 4)];
      const words = philox4x32(counter, key);
      assert.deepEqual(result.slice(row * 5, row * 5 + 4), words, `counter ${counter}`);
      const uniform = Float32Array.of((words[0]! >>> 8) / 2 ** 24);
      assert.equal(result[row * 5 + 4], new Uint32Array(uniform.buffer)[0]);
    }
  });

  await t.step("library functions, error at most 1e-6 everywhere", async () => {
    const inputs = scanColumns();
    const count = inputs[0].length;
    const operands = ["x", "y"];
    const result = await runKernel(gpu, {
      label: "functions",
      library: functions,
      body: [
        ...operands.map((name, column) =>
          `  let ${name} = bitcast<f32>(given[e + ${column * count}u]);`
        ),
        ...libraryOps.map((op, index) => {
          const given = operands.slice(0, columnsOf(op, inputs).length).join(", ");
          return `  result[e + ${index * count}u] = bitcast<u32>(${libraryName(op)}(${given}));`;
        }),
      ].join("\n"),
      input: Uint32Array.from(inputs.flatMap(({ buffer }) => [...new Uint32Array(buffer)])),
      outputs: count * libraryOps.length,
      count,
    });
    const values = new Float32Array(result.buffer);
    libraryOps.forEach((op, index) => {
      const outputs = values.subarray(index * count, (index + 1) * count);
      const worst = worstError(op, columnsOf(op, inputs), outputs);
      assert.ok(worst.error <= ERROR_BOUND, `${op}: ${JSON.stringify(worst)}`);
    });
  });
  gpu.close();
});
