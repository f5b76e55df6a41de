/** What every backend offers: memory for one program, and running its procedures. */
import type { Program } from "../program/program.ts";

/** Values of a slot, [K?, T?, P, B?, ...shape], row-major. */
export type Values = Float32Array | Float64Array;

/** How a procedure runs. */
export interface RunOptions {
  /** K, how many times the procedure runs in this call; inputs hold one entry each. */
  iterations: number;
  /** Puts everything but metrics back after every iteration: evaluation learns, but leaves no trace. */
  restore?: boolean;
  /** The step of stages that run at one step alone (`Loop`); default: the first. */
  step?: number;
}

/**
 * A program on a device.
 *
 * The threads of an engine on the cpu keep a script alive until it is closed: Deno has no threads that a
 * script could end without. `using` closes it however the block ends.
 *
 * ```ts
 * using engine = await backend.prepare(program);
 * engine.write("x", values);
 * await engine.run("train", { iterations: 1 });
 * ```
 */
export interface Engine {
  /** What runs. */
  readonly program: Program;
  /** Most iterations one call of `run` takes. */
  readonly chunk: number;
  /** What `Backend.estimateMemory` said. */
  readonly memory: MemoryEstimate;
  /**
   * Overwrites a slot; with `step`, of an input with one value a step, that step of the first iteration.
   * @throws ReferenceError if there is no such slot.
   * @throws RangeError if the number of values is not that of the slot, or of its step.
   */
  write(slot: string, values: Values, part?: { readonly step?: number }): void;
  /**
   * The values of slots, [K?, T?, P, B?, ...shape], once all runs before are done. What is written or run
   * meanwhile does not change them.
   * @throws ReferenceError if there is no such slot.
   * @throws RangeError if the device does not keep it whole.
   */
  read(slots: readonly string[]): Promise<Map<string, Values>>;
  /**
   * Runs a procedure.
   * @throws ReferenceError if there is no such procedure.
   * @throws RangeError if the iterations do not fit a chunk, or `restore` is for more than `evaluate`.
   */
  run(procedure: string, options: RunOptions): Promise<void>;
  /** Frees the device memory, and ends the threads of the program. */
  close(): void;
  /** The same as `close`, for `using engine = await backend.prepare(program)`. */
  [Symbol.dispose](): void;
}

/** Bytes, by what they are for. */
export type MemoryEstimate = ReadonlyMap<string, number>;

/**
 * The devices that programs run on: `gpu` is WebGPU, `cpu` is WebAssembly SIMD on threads, `reference`
 * is float64 on the host.
 */
export const deviceNames = ["gpu", "cpu", "reference"] as const;
/** Name of a device; the backend that runs it has the same. */
export type DeviceName = typeof deviceNames[number];

/**
 * A device, and the way programs get there.
 *
 * ```ts
 * console.log(Object.fromEntries(backend.estimateMemory(program, { chunk: 64 })));
 * const engine = await backend.prepare(program, { chunk: 64 });
 * ```
 */
export interface Backend {
  /** Its device. */
  readonly name: DeviceName;
  /** One line for people: device, driver, why it was chosen. */
  readonly description: string;
  /**
   * The memory that `prepare` takes, without taking it; it may be more than the device has.
   *
   * `chunk` is K, most iterations of one run; default 1.
   */
  estimateMemory(program: Program, options?: { chunk?: number }): MemoryEstimate;
  /**
   * Makes memory and kernels; nothing is allocated or compiled after this.
   * @throws RangeError if the device has no room for the program.
   */
  prepare(program: Program, options?: { chunk?: number }): Promise<Engine>;
  /** Gives the device back. */
  close(): void;
  /** The same as `close`, for `using`. */
  [Symbol.dispose](): void;
}
