/** Chooses the device of a run, and says which and why. */
import type { LoweringChoice } from "../schedule/lowering.ts";
import type { Backend } from "./backend.ts";
import { cpuBackend } from "./cpu/cpu.ts";
import { type DeviceChoice, deviceChoices } from "./device_choices.ts";
import { referenceBackend } from "./reference/reference.ts";
import { NoAdapterError } from "./webgpu/device/adapter.ts";
import { webgpuBackend } from "./webgpu/webgpu.ts";

/** Which device, and how to use it. */
export interface OpenBackendOptions {
  /** Default: `auto`. */
  readonly device?: DeviceChoice;
  /** Lets `gpu` use an adapter that computes on the CPU. */
  readonly allowSoftwareAdapter?: boolean;
  /** How passes become GPU launches; default: `auto`. */
  readonly lowering?: LoweringChoice;
  /** Most threads of the cpu backend; default: one a core. */
  readonly threads?: number;
}

/** A backend, and why it is this one. */
export interface OpenedBackend {
  /** Where programs are prepared; close it at the end. */
  readonly backend: Backend;
  /** The first line a run prints: the device, and why it is this one. */
  readonly reason: string;
  /** Closes the backend, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Opens a backend. `auto` takes a hardware GPU if there is one and the CPU otherwise; it never takes
 * a software adapter.
 *
 * ```ts
 * using device = await openBackend({ device: "cpu", threads: 2 });
 * using engine = await device.backend.prepare(program, { chunk: 64 });
 * ```
 *
 * @throws NoAdapterError if `gpu` is asked for and there is none that may be used.
 * @throws RangeError if there is no device of that name, or the number of threads is out of range.
 */
export async function openBackend(
  { device = "auto", allowSoftwareAdapter = false, lowering = "auto", threads }:
    OpenBackendOptions = {},
): Promise<OpenedBackend> {
  if (!deviceChoices.includes(device)) {
    throw new RangeError(`No device "${device}"; expected one of ${deviceChoices.join(", ")}`);
  }
  const onHost = (backend: Backend, why: string): OpenedBackend => ({
    backend,
    reason: `device: ${backend.name}, ${backend.description} (${why})`,
    [Symbol.dispose]: () => backend.close(),
  });
  if (device === "reference") return onHost(referenceBackend(), "as asked");
  if (device === "cpu") return onHost(cpuBackend({ threads }), "as asked");
  try {
    const allowSoftware = device === "gpu" && allowSoftwareAdapter;
    const backend = await webgpuBackend({ allowSoftware, lowering });
    const hardware = device === "gpu" ? "as asked" : "a hardware GPU was found";
    return onHost(backend, backend.isSoftware ? "software adapter, as allowed" : hardware);
  } catch (error) {
    if (device === "gpu" || !(error instanceof NoAdapterError)) throw error;
    return onHost(cpuBackend({ threads }), "no hardware GPU found");
  }
}
