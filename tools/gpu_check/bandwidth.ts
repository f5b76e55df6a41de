/** How fast the memory of a device is. */
import type { Gpu } from "../../core/backends/webgpu/device/gpu_types.ts";

/**
 * Bytes a millisecond that copies between two buffers read and write together; the best of some tries.
 *
 * @param bytes of a buffer: more than caches hold.
 */
export async function memoryBandwidth(
  gpu: Gpu,
  { bytes, copies }: { bytes: number; copies: number },
): Promise<number> {
  const [from, to] = [gpu.storage("from", bytes), gpu.storage("to", bytes)];
  const staging = gpu.staging("last", 4);
  const time = async (count: number) => {
    const started = performance.now();
    const recorder = gpu.record();
    for (let copy = 0; copy < count; copy++) {
      recorder.copy(from, to, { from: 0, to: 0, bytes });
    }
    recorder.copy(to, staging, { from: 0, to: 0, bytes: 4 });
    recorder.submit();
    await gpu.read(staging, 4);
    return performance.now() - started;
  };
  await time(1);
  let best = 0;
  for (let attempt = 0; attempt < 3; attempt++) {
    // What both have, the wait for the result above all, is taken off.
    const [few, many] = [await time(1), await time(1 + copies)];
    best = Math.max(best, 2 * bytes * copies / Math.max(many - few, 1e-3));
  }
  gpu.free([from, to, staging]);
  return best;
}
