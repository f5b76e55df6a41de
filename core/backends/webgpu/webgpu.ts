/** The WebGPU backend: it prints stages as WGSL kernels, and keeps memory in a few large buffers. */
import type { LoweringChoice } from "../../schedule/lowering.ts";
import type { Backend } from "../backend.ts";
import { disposable } from "../disposable.ts";
import type { GpuLimits } from "./device/gpu_types.ts";
import { openGpu } from "./gpu.ts";
import { estimateMemory } from "./plan_groups.ts";
import { prepare } from "./prepare.ts";

/**
 * The WebGPU backend.
 *
 * @example
 * const engine = await (await webgpuBackend()).prepare(program, { chunk: 8 });
 *
 * @param allowSoftware also takes an adapter that computes on the CPU.
 * @param lowering how passes become launches.
 * @param planAsHardware gives a software adapter the kernels of a GPU, to test them.
 * @param subgroups false: lanes add up by workgroup memory alone; bits are the same, but on a software adapter.
 * @param limits below those of the adapter, to test them.
 * @throws NoAdapterError if there is no adapter, or only software and that is not allowed.
 */
export async function webgpuBackend(
  {
    allowSoftware = false,
    lowering = "auto",
    planAsHardware = false,
    subgroups = true,
    limits: lowered,
  }: {
    allowSoftware?: boolean;
    lowering?: LoweringChoice;
    planAsHardware?: boolean;
    subgroups?: boolean;
    limits?: Partial<GpuLimits>;
  } = {},
): Promise<Backend & { isSoftware: boolean }> {
  const gpu = await openGpu({ allowSoftware });
  const isSoftware = gpu.isSoftware && !planAsHardware;
  const subgroup = subgroups ? gpu.subgroup : 1;
  const limits = { ...gpu.limits, ...lowered };
  return disposable({
    name: "gpu",
    description: gpu.description,
    isSoftware: gpu.isSoftware,
    estimateMemory: (program, { chunk = 1 } = {}) =>
      estimateMemory(program, { chunk, lowering, limits }),
    prepare: (program, { chunk = 1 } = {}) =>
      prepare(program, { gpu, chunk, lowering, limits, isSoftware, subgroup }),
    close: () => gpu.close(),
  });
}
