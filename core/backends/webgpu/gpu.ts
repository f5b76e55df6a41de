/**
 * Opens the GPU. This module and those in `device/` are all that call WebGPU. They check every argument before a
 * call, since some mistakes end the process instead of throwing. They ask for the limits of the adapter, and
 * compile inside error scopes. The first error that nobody caught is kept, so that a run fails with it instead
 * of reading zeros.
 */
import {
  describe,
  findAdapter,
  isSoftwareAdapter,
  limitsOf,
  NoAdapterError,
  requestDevice,
} from "./device/adapter.ts";
import { createBindings } from "./device/bindings.ts";
import { allocate, checkRange, createBuffer } from "./device/buffers.ts";
import { compileKernel } from "./device/compile_kernel.ts";
import type { Gpu, GpuBuffer } from "./device/gpu_types.ts";
import { createRecorder } from "./device/recorder.ts";
import { findSubgroups, type Subgroups } from "./device/subgroups.ts";
import { watchErrors } from "./device/watch_errors.ts";

/** Flags of `GPUBufferUsage`. */
const usage = {
  mapRead: 0x1,
  copySource: 0x4,
  copyTarget: 0x8,
  uniform: 0x40,
  storage: 0x80,
} as const;

/**
 * Opens the GPU.
 *
 * @throws NoAdapterError if there is none, or only software and that is not allowed, or if it lacks a limit or
 * gives no device.
 */
export async function openGpu({ allowSoftware }: { allowSoftware: boolean }): Promise<Gpu> {
  const adapter = await findAdapter();
  if (!adapter) throw new NoAdapterError("no GPU adapter found; the command `doctor` says why");
  const isSoftware = isSoftwareAdapter(adapter);
  if (isSoftware && !allowSoftware) {
    throw new NoAdapterError(
      `the only adapter is software (${
        describe(adapter)
      }); give --allow-software-adapter to use it`,
    );
  }
  const device = await requestDevice(adapter);
  const subgroups = await findSubgroups(device, adapter.info);
  return gpuOf(device, { description: describe(adapter), isSoftware, subgroups });
}

function gpuOf(
  device: GPUDevice,
  { description, isSoftware, subgroups }: {
    description: string;
    isSoftware: boolean;
    subgroups: Subgroups;
  },
): Gpu {
  const errors = watchErrors(device);
  const limits = limitsOf(device);
  const create = (label: string, bytes: number, flags: number) =>
    createBuffer(device, { label, bytes, flags, most: limits.maxBufferSize });

  function write(buffer: GpuBuffer, offset: number, data: Float32Array | Uint32Array): void {
    checkRange(buffer, offset, data.byteLength);
    device.queue.writeBuffer(buffer.raw, offset, data as Float32Array<ArrayBuffer>);
  }

  return {
    description,
    isSoftware,
    limits,
    subgroup: subgroups.lanes,
    check: errors.check,
    write,
    storage: (label, bytes) =>
      create(label, bytes, usage.storage | usage.copySource | usage.copyTarget),
    staging: (label, bytes) => create(label, bytes, usage.mapRead | usage.copyTarget),
    moments(label, count) {
      const words = limits.momentStride / 4;
      const table = new Uint32Array(count * words);
      for (let index = 0; index < count; index++) table[index * words] = index;
      const buffer = create(label, table.byteLength, usage.uniform | usage.copyTarget);
      write(buffer, 0, table);
      return buffer;
    },
    allocate: (make) => allocate(device, make),
    bind: (memory, moments) => createBindings(device, memory, moments),
    compile: (options) => compileKernel(device, options, subgroups),
    record: () => createRecorder(device, limits),
    async read(staging, bytes) {
      checkRange(staging, 0, bytes);
      await errors.answer(staging.raw.mapAsync(0x1, 0, bytes));
      const copy = staging.raw.getMappedRange(0, bytes).slice(0);
      staging.raw.unmap();
      errors.check();
      return copy;
    },
    free(buffers) {
      for (const { raw } of buffers) raw.destroy();
    },
    close() {
      errors.expectLoss();
      device.destroy();
    },
  };
}
