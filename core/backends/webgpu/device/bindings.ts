import type { Bindings, GpuBuffer } from "./gpu_types.ts";

/** Group 0: memory. Group 1: the iteration and the step, at offsets that every launch gives. */
export function createBindings(
  device: GPUDevice,
  memory: readonly GpuBuffer[],
  moments: GpuBuffer,
): Bindings {
  const compute = 0x4;
  const memoryLayout = device.createBindGroupLayout({
    entries: memory.map((_, binding) => ({
      binding,
      visibility: compute,
      buffer: { type: "storage", minBindingSize: 16 },
    })),
  });
  const momentLayout = device.createBindGroupLayout({
    entries: [0, 1].map((binding) => ({
      binding,
      visibility: compute,
      buffer: { type: "uniform", hasDynamicOffset: true, minBindingSize: 16 },
    })),
  });
  return {
    memory: device.createBindGroup({
      layout: memoryLayout,
      entries: memory.map(({ raw }, binding) => ({ binding, resource: { buffer: raw } })),
    }),
    moments: device.createBindGroup({
      layout: momentLayout,
      entries: [0, 1].map((binding) => ({
        binding,
        resource: { buffer: moments.raw, size: 16 },
      })),
    }),
    layout: device.createPipelineLayout({ bindGroupLayouts: [memoryLayout, momentLayout] }),
  };
}
