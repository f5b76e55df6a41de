/** What the rest of the backend sees of a device. */

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
  /**
   * Lanes of a workgroup that are in one subgroup, in order, if the first is a multiple of this power of two; 1:
   * none are, or that is not known.
   */
  readonly subgroup: number;
  /** Makes memory that kernels read and write. @throws RangeError if no buffer may have this size. */
  storage(label: string, bytes: number): GpuBuffer;
  /** Makes memory that the host reads. @throws RangeError if no buffer may have this size. */
  staging(label: string, bytes: number): GpuBuffer;
  /** Makes a buffer of the numbers 0 to count - 1: a launch binds one as iteration and one as step. */
  moments(label: string, count: number): GpuBuffer;
  /** Copies data into a buffer. @throws RangeError if it does not fit. */
  write(buffer: GpuBuffer, offset: number, data: Float32Array | Uint32Array): void;
  /**
   * Makes several buffers.
   * @throws RangeError if the device has too little memory for them; they are free again then.
   */
  allocate<Buffers extends Readonly<Record<string, readonly GpuBuffer[]>>>(
    make: () => Buffers,
  ): Promise<Buffers>;
  /** Makes the bind groups of these buffers. */
  bind(memory: readonly GpuBuffer[], moments: GpuBuffer): Bindings;
  /** Compiles a kernel. @throws Error with the compiler's message and the lines it points at. */
  compile(
    options: { label: string; source: string; bindings: Bindings; workgroups: number },
  ): Promise<Kernel>;
  record(): Recorder;
  /**
   * The first bytes of a staging buffer, once everything submitted before is done.
   * @throws DeviceLostError, or Error as `check`.
   */
  read(staging: GpuBuffer, bytes: number): Promise<ArrayBuffer>;
  /** Frees buffers; nothing may use them after this. */
  free(buffers: readonly GpuBuffer[]): void;
  /**
   * @throws DeviceLostError if the device is lost.
   * @throws Error, the first one that WebGPU reported and that no call threw.
   */
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
