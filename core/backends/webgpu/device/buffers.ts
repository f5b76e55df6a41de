/** Makes buffers, within the limits and the memory of a device. */
import type { GpuBuffer } from "./gpu_types.ts";

/** @throws RangeError if no buffer may have this size. */
export function createBuffer(
  device: GPUDevice,
  { label, bytes, flags, most }: { label: string; bytes: number; flags: number; most: number },
): GpuBuffer {
  const isValid = Number.isSafeInteger(bytes) && bytes > 0 && bytes % 4 === 0 && bytes <= most;
  if (!isValid) {
    throw new RangeError(`Buffer "${label}": ${bytes} bytes, expected 4 to ${most} in fours`);
  }
  return { label, size: bytes, raw: device.createBuffer({ label, size: bytes, usage: flags }) };
}

/** As `Gpu.allocate`. */
export async function allocate<Buffers extends Readonly<Record<string, readonly GpuBuffer[]>>>(
  device: GPUDevice,
  make: () => Buffers,
): Promise<Buffers> {
  device.pushErrorScope("out-of-memory");
  // What is done with a buffer that got no memory is another error.
  device.pushErrorScope("validation");
  let misuse: Promise<GPUError | null>, lack: Promise<GPUError | null>, buffers: Buffers;
  try {
    buffers = make();
  } finally {
    misuse = device.popErrorScope();
    lack = device.popErrorScope();
  }
  const [error, wrong] = await Promise.all([lack, misuse]);
  if (!error && !wrong) return buffers;
  const all = Object.values(buffers).flat();
  for (const { raw } of all) raw.destroy();
  const bytes = all.reduce((sum, { size }) => sum + size, 0);
  if (!error) throw new Error(`WebGPU: ${wrong!.message}`);
  throw new RangeError(`it has no memory left for ${bytes} bytes`);
}

/** @throws RangeError if bytes offset to offset + bytes - 1 are not in a buffer, or no whole words. */
export function checkRange(buffer: GpuBuffer, offset: number, bytes: number): void {
  const isInside = offset >= 0 && bytes > 0 && offset % 4 === 0 && bytes % 4 === 0 &&
    offset + bytes <= buffer.size;
  if (!isInside) {
    throw new RangeError(
      `Buffer "${buffer.label}" of ${buffer.size} bytes has no range ${offset} + ${bytes}`,
    );
  }
}
