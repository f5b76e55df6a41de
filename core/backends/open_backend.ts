/** Chooses the device of a run, and says which and why. */
import type { Backend } from "./backend.ts";
import type { LoweringChoice } from "../schedule/lowering.ts";
import { referenceBackend } from "./reference/reference.ts";
import { NoAdapterError } from "./webgpu/gpu.ts";
import { webgpuBackend } from "./webgpu/webgpu.ts";

export const deviceNames = ["auto", "gpu", "cpu", "reference"] as const;
export type DeviceName = typeof deviceNames[number];

export interface OpenBackendOptions {
  readonly device?: DeviceName;
  /** Lets `gpu` use an adapter that computes on the CPU. */
  readonly allowSoftwareAdapter?: boolean;
  readonly lowering?: LoweringChoice;
}

export interface OpenedBackend {
  readonly backend: Backend;
  /** The first line a run prints: the device, and why it is this one. */
  readonly reason: string;
}

/**
 * Opens a backend. `auto` takes a hardware GPU if there is one and the reference otherwise; it never
 * takes a software adapter.
 *
 * @throws NoAdapterError if `gpu` is asked for and there is none that may be used.
 * @throws RangeError for `cpu`, which this version does not have.
 */
export async function openBackend(
  { device = "auto", allowSoftwareAdapter = false, lowering = "auto" }: OpenBackendOptions = {},
): Promise<OpenedBackend> {
  if (device === "reference") {
    const backend = referenceBackend();
    return { backend, reason: `device: ${backend.description}, as asked` };
  }
  if (device === "cpu") {
    throw new RangeError("device cpu is not built yet; use auto, gpu or reference");
  }
  try {
    const allowSoftware = device === "gpu" && allowSoftwareAdapter;
    const backend = await webgpuBackend({ allowSoftware, lowering });
    const kind = backend.isSoftware
      ? "software adapter, as allowed"
      : device === "gpu"
      ? "as asked"
      : "a hardware GPU was found";
    return { backend, reason: `device: webgpu, ${backend.description} (${kind})` };
  } catch (error) {
    if (device === "gpu" || !(error instanceof NoAdapterError)) throw error;
    const backend = referenceBackend();
    return { backend, reason: `device: ${backend.description}; no hardware GPU: ${error.message}` };
  }
}
