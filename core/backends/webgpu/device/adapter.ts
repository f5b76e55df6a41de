/** Finds an adapter, and opens a device with all that it has. */
import type { GpuLimits } from "./gpu_types.ts";

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

/** An adapter in a line; browsers give a vendor and an architecture only. */
export const describe = ({ info }: GPUAdapter): string =>
  info.description || [info.vendor, info.architecture].join(" ").trim();

/** Whether an adapter computes on the CPU. */
export const isSoftwareAdapter = ({ info }: GPUAdapter): boolean =>
  info.isFallbackAdapter ||
  /llvmpipe|lavapipe|swiftshader|softpipe|basic render/i.test(info.description);

/** A device with all that its adapter has. @throws NoAdapterError if it lacks a limit, or gives no device. */
export async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const missing = requestedLimits.filter((name) => !(adapter.limits[name] > 0));
  if (missing.length > 0) {
    throw new NoAdapterError(
      `the adapter ${describe(adapter)} does not say its limit ${missing.join(", ")}`,
    );
  }
  const limits = requestedLimits.map((name) => [name, adapter.limits[name]]);
  const requiredLimits = Object.fromEntries(limits);
  try {
    return await adapter.requestDevice({ requiredLimits, requiredFeatures: ["subgroups"] })
      // Some adapters have it and do not list it.
      .catch(() => adapter.requestDevice({ requiredLimits }));
  } catch (error) {
    throw new NoAdapterError(
      `the adapter ${describe(adapter)} gives no device: ${(error as Error).message}`,
    );
  }
}

/** The limits of a device that matter here. */
export function limitsOf({ limits }: GPUDevice): GpuLimits {
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
