/** Short tests of an opened GPU: does it run a kernel, draw the right bits, recognise NaN? */
import type { Gpu, GpuBuffer } from "../../core/backends/webgpu/device/gpu_types.ts";
import { philox4x32 } from "../../core/random.ts";
import philox from "../../core/wgsl/philox.wgsl" with { type: "text" };

export interface TestResult {
  readonly name: string;
  readonly passed: boolean;
  /** The result in a few words. */
  readonly detail: string;
}

const LANES = 64;
const SENTINEL = 0x5eed0000;

interface KernelTest {
  readonly name: string;
  /** Words in device memory before the kernel runs. */
  readonly words: Uint32Array<ArrayBuffer>;
  readonly source: string;
  readonly expected: Uint32Array;
}

const kernel = (memory: string, body: string, functions = ""): string => `
@group(0) @binding(0) var<storage, read_write> memory: array<${memory}>;
${functions}
@compute @workgroup_size(${LANES})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let e = id.x;
${body}
}
`;

/** No expected word is zero, since a broken pipeline leaves zeros. */
const sentinel: KernelTest = {
  name: "a kernel writes what it should",
  words: new Uint32Array(LANES),
  source: kernel("u32", `  memory[e] = ${SENTINEL}u + e;`),
  expected: Uint32Array.from({ length: LANES }, (_, e) => SENTINEL + e),
};

const floats: readonly [bits: number, isFinite: boolean][] = [
  [0x7fc00000, false],
  [0xffc00000, false],
  [0x7f800001, false],
  [0x7fffffff, false],
  [0x7f800000, false],
  [0xff800000, false],
  [0x00000000, true],
  [0x80000000, true],
  [0x00000001, true],
  [0x3f800000, true],
  [0x7f7fffff, true],
  [0xff7fffff, true],
];

const notFinite: KernelTest = {
  name: "NaN and infinity are told by their exponent bits",
  words: Uint32Array.from({ length: LANES }, (_, e) => floats[e % floats.length]![0]),
  source: kernel(
    "f32",
    `  let finite = (bitcast<u32>(memory[e]) & 0x7f800000u) != 0x7f800000u;
  memory[e] = select(2.0f, 1.0f, finite);`,
  ),
  expected: new Uint32Array(
    Float32Array.from({ length: LANES }, (_, e) => floats[e % floats.length]![1] ? 1 : 2).buffer,
  ),
};

function expectedPhilox(): Uint32Array {
  const words = new Uint32Array(LANES * 4);
  for (let e = 0; e < LANES; e++) {
    const key = Uint32Array.of(Math.imul(e, 0x9e3779b9), 5);
    philox4x32(Uint32Array.of(e, e * 77, 3, ~e), key, words.subarray(4 * e, 4 * e + 4));
  }
  return words;
}

const philoxTest: KernelTest = {
  name: "random numbers have the same bits as on the host",
  words: new Uint32Array(LANES * 4),
  source: kernel(
    "u32",
    `  let words = philox4x32(vec4u(e, e * 77u, 3u, ~e), vec2u(e * 0x9e3779b9u, 5u));
  for (var i = 0u; i < 4u; i += 1u) { memory[4u * e + i] = words[i]; }`,
    philox,
  ),
  expected: expectedPhilox(),
};

/** Runs one kernel and compares every word. */
async function runKernel(gpu: Gpu, test: KernelTest): Promise<TestResult> {
  const { name, words, source, expected } = test;
  const buffers: GpuBuffer[] = [];
  try {
    const memory = gpu.storage("doctor", words.byteLength);
    buffers.push(memory);
    const staging = gpu.staging("doctor", words.byteLength);
    buffers.push(staging);
    const moments = gpu.moments("doctor", 1);
    buffers.push(moments);
    const bindings = gpu.bind([memory], moments);
    const compiled = await gpu.compile({ label: name, source, bindings, workgroups: 1 });
    gpu.write(memory, 0, words);
    const recorder = gpu.record();
    recorder.dispatch(compiled, bindings, [0, 0]);
    recorder.copy(memory, staging, { from: 0, to: 0, bytes: words.byteLength });
    recorder.submit();
    const read = new Uint32Array(await gpu.read(staging, words.byteLength));
    const wrong = read.findIndex((word, index) => word !== expected[index]);
    const hex = (word: number) => `0x${word.toString(16).padStart(8, "0")}`;
    return wrong < 0 ? { name, passed: true, detail: `${read.length} words` } : {
      name,
      passed: false,
      detail: `word ${wrong} is ${hex(read[wrong]!)}, expected ${hex(expected[wrong]!)}`,
    };
  } catch (error) {
    return { name, passed: false, detail: (error as Error).message };
  } finally {
    gpu.free(buffers);
  }
}

/** Runs all tests, one after another. */
export async function testGpu(gpu: Gpu): Promise<TestResult[]> {
  const results = [];
  for (const test of [sentinel, notFinite, philoxTest]) results.push(await runKernel(gpu, test));
  return results;
}

/** Median time of reading 4 KiB back, in milliseconds; the first time does not count. */
export async function readbackLatency(gpu: Gpu): Promise<number> {
  const buffers = [gpu.storage("latency", 4096), gpu.staging("latency", 4096)] as const;
  try {
    const times = [];
    for (let round = 0; round < 6; round++) {
      const start = performance.now();
      const recorder = gpu.record();
      recorder.copy(buffers[0], buffers[1], { from: 0, to: 0, bytes: 4096 });
      recorder.submit();
      await gpu.read(buffers[1], 4096);
      times.push(performance.now() - start);
    }
    return times.slice(1).sort((a, b) => a - b)[2]!;
  } finally {
    gpu.free(buffers);
  }
}
