/**
 * The one module that calls WebGPU. It checks every argument before a call, since some mistakes end the
 * process instead of throwing. It asks for the limits of the adapter, and compiles inside error scopes.
 * It keeps the first error that nobody caught, so that a run fails with it instead of reading zeros.
 */

/** Flags of `GPUBufferUsage`. */
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

/** The bind groups of a program: its memory, and the iteration and step of a launch. */
export interface Bindings {
  readonly memory: GPUBindGroup;
  readonly moments: GPUBindGroup;
  readonly layout: GPUPipelineLayout;
}

/** Records launches and copies until they are submitted together. */
export interface Recorder {
  /** Launches a kernel; `offsets` are bytes into the moments buffer: iteration, step. */
  dispatch(kernel: Kernel, bindings: Bindings, offsets: readonly [number, number]): void;
  /** Copies between two buffers. @throws RangeError if a range is outside its buffer. */
  copy(from: GpuBuffer, to: GpuBuffer, range: { from: number; to: number; bytes: number }): void;
  submit(): void;
}

/** An open device. Sizes and offsets are bytes, all multiples of 4. */
export interface Gpu {
  readonly description: string;
  readonly isSoftware: boolean;
  readonly limits: GpuLimits;
  /** Makes memory that kernels read and write. @throws RangeError if no buffer may have this size. */
  storage(label: string, bytes: number): GpuBuffer;
  /** Makes memory that the host reads. @throws RangeError if no buffer may have this size. */
  staging(label: string, bytes: number): GpuBuffer;
  /** Makes a buffer of the numbers 0 to count - 1: a launch binds one as iteration and one as step. */
  moments(label: string, count: number): GpuBuffer;
  /** Copies data into a buffer. @throws RangeError if it does not fit. */
  write(buffer: GpuBuffer, offset: number, data: Float32Array | Uint32Array): void;
  /** Makes the bind groups of these buffers. */
  bind(memory: readonly GpuBuffer[], moments: GpuBuffer): Bindings;
  /** Compiles a kernel. @throws Error with the compiler's message and the lines it points at. */
  compile(
    options: { label: string; source: string; bindings: Bindings; workgroups: number },
  ): Promise<Kernel>;
  record(): Recorder;
  /** The first bytes of a staging buffer, once everything submitted before is done. */
  read(staging: GpuBuffer, bytes: number): Promise<ArrayBuffer>;
  /** Frees buffers; nothing may use them after this. */
  free(buffers: readonly GpuBuffer[]): void;
  /** @throws Error, the first one that WebGPU reported and that no call threw. */
  check(): void;
  close(): void;
}

/** Limits of the device; sizes in bytes. */
export interface GpuLimits {
  readonly maxStorageBufferBindingSize: number;
  readonly maxBufferSize: number;
  readonly maxStorageBuffers: number;
  readonly maxInvocationsPerWorkgroup: number;
  readonly maxWorkgroupBytes: number;
  readonly maxWorkgroupsPerDimension: number;
  /** Bytes between two numbers of the moments buffer: the alignment of dynamic offsets. */
  readonly momentStride: number;
}

/** There is no GPU that may be used; the message says why. */
export class NoAdapterError extends Error {
  override name = "NoAdapterError";
}

/** The limits that a device is opened with, as high as the adapter has them. */
const requestedLimits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
] as const;

/** Sets an environment variable that the driver loader reads, unless it is set already or may not be. */
function setDefault(variable: string, value: string): void {
  // A browser has no environment.
  if (typeof Deno === "undefined") return;
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  if (state === "granted" && Deno.env.get(variable) === undefined) Deno.env.set(variable, value);
}

/** The adapter that `openGpu` would use, or undefined. */
export async function findAdapter(): Promise<GPUAdapter | undefined> {
  // Mesa's device selection layer looks for a display, and complains when there is none.
  setDefault("NODEVICE_SELECT", "1");
  // Without a Vulkan driver, OpenGL's software adapter would be taken in silence.
  setDefault("DENO_WEBGPU_BACKEND", "vulkan");
  if (navigator.gpu === undefined) return undefined;
  return await navigator.gpu.requestAdapter({ powerPreference: "high-performance" }) ?? undefined;
}

/** One line for people; browsers give a vendor and an architecture only. */
const describe = ({ info }: GPUAdapter): string =>
  info.description || [info.vendor, info.architecture].join(" ").trim();

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
  if (!adapter) throw new NoAdapterError("no GPU adapter found; the command `doctor` says why");
  const isSoftware = isSoftwareAdapter(adapter);
  if (isSoftware && !allowSoftware) {
    throw new NoAdapterError(
      `the only adapter is software (${
        describe(adapter)
      }); give --allow-software-adapter to use it`,
    );
  }
  const requiredLimits = Object.fromEntries(
    requestedLimits.map((name) => [name, adapter.limits[name]]),
  );
  const device = await adapter.requestDevice({ requiredLimits });
  return gpuOf(device, { description: describe(adapter), isSoftware });
}

/** Keeps the first error of a device that no call throws. */
function watchErrors(device: GPUDevice): { check(): void; expectLoss(): void } {
  let firstError: string | undefined;
  let isLossExpected = false;
  device.addEventListener("uncapturederror", (event) => {
    firstError ??= (event as GPUUncapturedErrorEvent).error.message ||
      "internal error without a message";
  });
  device.lost.then(({ reason, message }) => {
    if (!isLossExpected) firstError ??= `device lost (${reason}): ${message}`;
  });
  return {
    check() {
      if (firstError) throw new Error(`WebGPU: ${firstError}`);
    },
    expectLoss: () => void (isLossExpected = true),
  };
}

function gpuOf(
  device: GPUDevice,
  { description, isSoftware }: { description: string; isSoftware: boolean },
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
    bind: (memory, moments) => createBindings(device, memory, moments),
    compile: (options) => compileKernel(device, options),
    record: () => createRecorder(device, limits),
    async read(staging, bytes) {
      checkRange(staging, 0, bytes);
      await staging.raw.mapAsync(0x1, 0, bytes);
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

function createBuffer(
  device: GPUDevice,
  { label, bytes, flags, most }: { label: string; bytes: number; flags: number; most: number },
): GpuBuffer {
  const isValid = Number.isSafeInteger(bytes) && bytes > 0 && bytes % 4 === 0 && bytes <= most;
  if (!isValid) {
    throw new RangeError(`Buffer "${label}": ${bytes} bytes, expected 4 to ${most} in fours`);
  }
  return { label, size: bytes, raw: device.createBuffer({ label, size: bytes, usage: flags }) };
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
    maxWorkgroupBytes: limits.maxComputeWorkgroupStorageSize,
    maxWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    momentStride: limits.minUniformBufferOffsetAlignment,
  };
}

function checkRange(buffer: GpuBuffer, offset: number, bytes: number): void {
  const isInside = offset >= 0 && bytes > 0 && offset % 4 === 0 && bytes % 4 === 0 &&
    offset + bytes <= buffer.size;
  if (!isInside) {
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
