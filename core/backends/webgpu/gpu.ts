/**
 * The one module that calls WebGPU: it checks every argument before the call (some mistakes end the
 * process instead of throwing), asks for the adapter's real limits, compiles inside error scopes,
 * and keeps the first error that nobody caught so that a run fails with it instead of with zeros.
 */

/** WebGPU flags, by the names of the specification. */
const usage = {
  mapRead: 0x1,
  copySource: 0x4,
  copyTarget: 0x8,
  uniform: 0x40,
  storage: 0x80,
} as const;

/** A buffer on the device. */
export interface GpuBuffer {
  readonly label: string;
  /** Bytes. */
  readonly size: number;
  readonly raw: GPUBuffer;
}

/** A compiled kernel. */
export interface Kernel {
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  /** Workgroups to launch. */
  readonly workgroups: number;
}

/** Bindings and the dynamic offsets they take. */
export interface Bindings {
  readonly memory: GPUBindGroup;
  readonly moments: GPUBindGroup;
  readonly layout: GPUPipelineLayout;
}

/** What is recorded between two submissions. */
export interface Recorder {
  /** @param offsets bytes into the moments buffer: iteration, step. */
  dispatch(kernel: Kernel, bindings: Bindings, offsets: readonly [number, number]): void;
  /** @throws RangeError if a range is outside its buffer. */
  copy(from: GpuBuffer, to: GpuBuffer, range: { from: number; to: number; bytes: number }): void;
  submit(): void;
}

/** An open device. Sizes and offsets are bytes, in fours. */
export interface Gpu {
  readonly description: string;
  readonly isSoftware: boolean;
  readonly limits: GpuLimits;
  /** Memory that kernels read and write. @throws RangeError for a size that no buffer has. */
  storage(label: string, bytes: number): GpuBuffer;
  /** Memory that the host reads. @throws RangeError for a size that no buffer has. */
  staging(label: string, bytes: number): GpuBuffer;
  /** The numbers 0 .. count - 1, `momentStride` bytes apart: what a launch binds as iteration or step. */
  moments(label: string, count: number): GpuBuffer;
  /** @throws RangeError if the data does not fit the buffer. */
  write(buffer: GpuBuffer, offset: number, data: Float32Array | Uint32Array): void;
  bind(memory: readonly GpuBuffer[], moments: GpuBuffer): Bindings;
  /** @throws Error with the compiler's message and the lines it points at. */
  compile(
    options: { label: string; source: string; bindings: Bindings; workgroups: number },
  ): Promise<Kernel>;
  record(): Recorder;
  /** The bytes of a staging buffer, once everything submitted before is done. */
  read(staging: GpuBuffer, bytes: number): Promise<ArrayBuffer>;
  /** Frees the memory of buffers, which nothing may use any more. */
  free(buffers: readonly GpuBuffer[]): void;
  /** @throws Error, the first that WebGPU reported and no call threw. */
  check(): void;
  close(): void;
}

/** What the device can hold and launch; sizes in bytes. */
export interface GpuLimits {
  readonly maxStorageBufferBindingSize: number;
  readonly maxBufferSize: number;
  readonly maxStorageBuffers: number;
  readonly maxInvocationsPerWorkgroup: number;
  readonly maxWorkgroupsPerDimension: number;
  readonly momentStride: number;
}

/** Why there is no GPU to use: for the first printed line and for `doctor`. */
export class NoAdapterError extends Error {
  override name = "NoAdapterError";
}

const wantedLimits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupsPerDimension",
] as const;

/**
 * Sets an environment variable that the driver loader reads, unless the user did or it may not be
 * set. Mesa's device selection layer looks for a display and complains when there is none; and
 * without a Vulkan driver OpenGL's software adapter would be taken in silence.
 */
function prefer(variable: string, value: string): void {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  if (state === "granted" && Deno.env.get(variable) === undefined) Deno.env.set(variable, value);
}

/** The adapter that would be used, or undefined. */
export async function findAdapter(): Promise<GPUAdapter | undefined> {
  prefer("NODEVICE_SELECT", "1");
  prefer("DENO_WEBGPU_BACKEND", "vulkan");
  if (navigator.gpu === undefined) return undefined;
  return await navigator.gpu.requestAdapter({ powerPreference: "high-performance" }) ?? undefined;
}

/** Whether an adapter computes on the CPU. */
export const isSoftwareAdapter = ({ info }: GPUAdapter): boolean =>
  info.isFallbackAdapter ||
  /llvmpipe|lavapipe|swiftshader|softpipe|basic render/i.test(info.description);

/**
 * Opens the GPU.
 *
 * @throws NoAdapterError if there is none, or only software and that is not allowed.
 */
export async function openGpu({ allowSoftware }: { allowSoftware: boolean }): Promise<Gpu> {
  const adapter = await findAdapter();
  if (!adapter) throw new NoAdapterError("no GPU adapter found; `deno task doctor` says why");
  const isSoftware = isSoftwareAdapter(adapter);
  if (isSoftware && !allowSoftware) {
    throw new NoAdapterError(
      `the only adapter is software (${adapter.info.description}); give --allow-software-adapter to use it`,
    );
  }
  const requiredLimits = Object.fromEntries(
    wantedLimits.map((name) => [name, adapter.limits[name]]),
  );
  const device = await adapter.requestDevice({ requiredLimits });
  return wrap(device, { description: adapter.info.description, isSoftware });
}

function wrap(
  device: GPUDevice,
  { description, isSoftware }: { description: string; isSoftware: boolean },
): Gpu {
  let firstError: string | undefined;
  let closed = false;
  device.addEventListener("uncapturederror", (event) => {
    firstError ??= (event as GPUUncapturedErrorEvent).error.message ||
      "internal error without a message";
  });
  device.lost.then(({ reason, message }) => {
    if (!closed) firstError ??= `device lost (${reason}): ${message}`;
  });
  const limits = limitsOf(device);

  function check(): void {
    if (firstError) throw new Error(`WebGPU: ${firstError}`);
  }

  function create(label: string, bytes: number, flags: number): GpuBuffer {
    const fits = Number.isSafeInteger(bytes) && bytes > 0 && bytes % 4 === 0 &&
      bytes <= limits.maxBufferSize;
    if (!fits) {
      throw new RangeError(
        `Buffer "${label}": ${bytes} bytes, expected 4 to ${limits.maxBufferSize} in fours`,
      );
    }
    return { label, size: bytes, raw: device.createBuffer({ label, size: bytes, usage: flags }) };
  }

  function write(buffer: GpuBuffer, offset: number, data: Float32Array | Uint32Array): void {
    checkRange(buffer, offset, data.byteLength);
    device.queue.writeBuffer(buffer.raw, offset, data as Float32Array<ArrayBuffer>);
  }

  return {
    description,
    isSoftware,
    limits,
    check,
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
    bind: (memory, moments) => createBindings(device, memory, moments),
    compile: (options) => compileKernel(device, options),
    record: () => createRecorder(device, limits),
    async read(staging, bytes) {
      checkRange(staging, 0, bytes);
      await staging.raw.mapAsync(0x1, 0, bytes);
      const copy = staging.raw.getMappedRange(0, bytes).slice(0);
      staging.raw.unmap();
      check();
      return copy;
    },
    free(buffers) {
      for (const { raw } of buffers) raw.destroy();
    },
    close() {
      closed = true;
      device.destroy();
    },
  };
}

function limitsOf({ limits }: GPUDevice): GpuLimits {
  return {
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    maxStorageBuffers: limits.maxStorageBuffersPerShaderStage,
    maxInvocationsPerWorkgroup: Math.min(
      limits.maxComputeInvocationsPerWorkgroup,
      limits.maxComputeWorkgroupSizeX,
    ),
    maxWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    momentStride: limits.minUniformBufferOffsetAlignment,
  };
}

function checkRange(buffer: GpuBuffer, offset: number, bytes: number): void {
  const fits = offset >= 0 && bytes > 0 && offset % 4 === 0 && bytes % 4 === 0 &&
    offset + bytes <= buffer.size;
  if (!fits) {
    throw new RangeError(
      `Buffer "${buffer.label}" of ${buffer.size} bytes has no range ${offset} + ${bytes}`,
    );
  }
}

/** Group 0: memory. Group 1: the iteration and the step, at offsets that every launch gives. */
function createBindings(
  device: GPUDevice,
  memory: readonly GpuBuffer[],
  moments: GpuBuffer,
): Bindings {
  const compute = 0x4;
  const memoryLayout = device.createBindGroupLayout({
    entries: memory.map((_, binding) => ({
      binding,
      visibility: compute,
      buffer: { type: "storage", minBindingSize: 4 },
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

async function compileKernel(
  device: GPUDevice,
  { label, source, bindings, workgroups }: Parameters<Gpu["compile"]>[0],
): Promise<Kernel> {
  // Scopes are a stack of the device: this one closes before another compilation begins.
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label, code: source });
  const compiling = device.createComputePipelineAsync({
    label,
    layout: bindings.layout,
    compute: { module, entryPoint: "main" },
  }).catch((error: Error) => error);
  const scope = device.popErrorScope();
  const { messages } = await module.getCompilationInfo();
  const errors = messages.filter(({ type }) => type === "error");
  const [pipeline, scoped] = await Promise.all([compiling, scope]);
  if (errors.length > 0 || scoped || pipeline instanceof Error) {
    const lines = source.split("\n");
    const details = errors.map(({ lineNum, message }) =>
      `${message}\n  ${lines[lineNum - 1] ?? ""}`
    );
    throw new Error(
      `Kernel ${label}: ${details.join("\n") || scoped?.message || String(pipeline)}`,
    );
  }
  return { label, pipeline, workgroups };
}

function createRecorder(device: GPUDevice, limits: GpuLimits): Recorder {
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
