import { checkRange } from "./buffers.ts";
import type { GpuLimits, Recorder } from "./gpu_types.ts";

/** Begins a recording. */
export function createRecorder(device: GPUDevice, limits: GpuLimits): Recorder {
  const encoder = device.createCommandEncoder();
  let pass: GPUComputePassEncoder | undefined;
  const end = () => {
    pass?.end();
    pass = undefined;
  };
  return {
    dispatch({ pipeline, workgroups }, { memory, moments }, offsets) {
      if (!pass) {
        pass = encoder.beginComputePass();
        pass.setBindGroup(0, memory);
      }
      pass.setPipeline(pipeline);
      pass.setBindGroup(1, moments, [...offsets]);
      const wide = Math.min(workgroups, limits.maxWorkgroupsPerDimension);
      pass.dispatchWorkgroups(wide, Math.ceil(workgroups / wide));
    },
    copy(from, to, range) {
      end();
      checkRange(from, range.from, range.bytes);
      checkRange(to, range.to, range.bytes);
      encoder.copyBufferToBuffer(from.raw, range.from, to.raw, range.to, range.bytes);
    },
    submit() {
      end();
      device.queue.submit([encoder.finish()]);
    },
  };
}
