/** Finds out whether lanes of a workgroup that follow each other can add up what they hold. */
import { createBindings } from "./bindings.ts";
import { compileKernel } from "./compile_kernel.ts";

/** What kernels may do with subgroups. */
export interface Subgroups {
  /** As `Gpu.subgroup`. */
  readonly lanes: number;
  /** What a kernel with such operations begins with. */
  readonly directives: string;
}

const none: Subgroups = { lanes: 1, directives: "" };

/** Most lanes that are used; half of the smallest tested workgroup. */
const MOST_LANES = 32;
const WORKGROUPS = [64, 256];

/**
 * Some implementations know no such directive, others demand it. Kernels use the operations where all lanes that
 * take part are at work, but some implementations cannot prove that.
 */
const dialects = ["", "enable subgroups;\ndiagnostic(off, subgroup_uniformity);\n"];

/** Half of the lanes add up what they have, in twos, in fours, and so on; each leaves every sum. */
const sumKernel = (lanes: number, steps: readonly number[]): string =>
  `@group(0) @binding(0) var<storage, read_write> memory0: array<f32>;
@compute @workgroup_size(${lanes}) fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = f32(lane * lane % 61u);
  if (lane < ${lanes / 2}u) {
${
    steps.map((step, index) =>
      `    sum = sum + subgroupShuffleXor(sum, ${step}u);
    memory0[${index * lanes}u + lane] = sum;`
    ).join("\n")
  }
  }
}`;

/** What the kernel leaves if subgroups are as they have to be. */
const expectedSums = (lanes: number, steps: readonly number[]): number[] =>
  steps.flatMap((step) =>
    Array.from({ length: lanes }, (_, lane) => {
      if (lane >= lanes / 2) return 0;
      const first = lane - lane % (2 * step);
      return Array.from({ length: 2 * step }, (_, index) => (first + index) ** 2 % 61)
        .reduce((sum, value) => sum + value, 0);
    })
  );

/** Whether sums of up to `size` neighbours come out right. */
async function addsUp(
  device: GPUDevice,
  { lanes, size, directives }: { lanes: number; size: number; directives: string },
): Promise<boolean> {
  const [storage, copySource, copyTarget, mapRead, uniform] = [0x80, 0x4, 0x8, 0x1, 0x40];
  const steps = Array.from({ length: Math.log2(size) }, (_, index) => 2 ** index);
  const bytes = 4 * lanes * steps.length;
  const make = (size: number, usage: number) => {
    const raw = device.createBuffer({ size, usage });
    return { label: "subgroups", size, raw };
  };
  const memory = make(bytes, storage | copySource);
  const moments = make(256, uniform);
  const staging = make(bytes, mapRead | copyTarget);
  try {
    const bindings = createBindings(device, [memory], moments);
    const source = sumKernel(lanes, steps);
    const kernel = { label: "subgroups", source, bindings, workgroups: 1 };
    const { pipeline } = await compileKernel(device, kernel, { directives });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings.memory);
    pass.setBindGroup(1, bindings.moments, [0, 0]);
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(memory.raw, 0, staging.raw, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await staging.raw.mapAsync(0x1);
    const sums = new Float32Array(staging.raw.getMappedRange());
    const expected = expectedSums(lanes, steps);
    return sums.every((sum, index) => sum === expected[index]);
  } catch {
    return false;
  } finally {
    for (const { raw } of [memory, moments, staging]) raw.destroy();
  }
}

/**
 * Tests subgroups with kernels like those that use them.
 *
 * @param info sizes that a subgroup of this adapter may have.
 */
export async function findSubgroups(
  device: GPUDevice,
  { subgroupMinSize }: Pick<GPUAdapterInfo, "subgroupMinSize">,
): Promise<Subgroups> {
  if (!device.features.has("subgroups")) return none;
  const size = Math.min(subgroupMinSize ?? 1, MOST_LANES);
  if (!(size > 1 && Number.isInteger(Math.log2(size)))) return none;
  for (const directives of dialects) {
    const tests = WORKGROUPS.map((lanes) => addsUp(device, { lanes, size, directives }));
    if ((await Promise.all(tests)).every(Boolean)) return { lanes: size, directives };
  }
  return none;
}
