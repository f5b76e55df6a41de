/** What the adapter is, and how fast its memory. */
import { openGpu } from "../../../core/backends/webgpu/gpu.ts";
import type { Gpu } from "../../../core/backends/webgpu/device/gpu_types.ts";
import type { Say } from "./say.ts";
import { type Series, timeRuns } from "./time_runs.ts";

/** What is said of an adapter. */
export interface AdapterFacts {
  readonly description: string;
  readonly isSoftware: boolean;
  /** Bytes a millisecond that copies between two buffers read and write together. */
  readonly bandwidth: number;
}

/**
 * @param megabytes of a buffer: more than caches hold.
 * @throws NoAdapterError as `openGpu`.
 */
export async function measureAdapter(
  say: Say,
  { allowSoftware, megabytes, seriesMs }: {
    allowSoftware: boolean;
    megabytes: number;
    seriesMs: number;
  },
): Promise<void> {
  const gpu = await openGpu({ allowSoftware });
  const { description, isSoftware, limits } = gpu;
  say({ description, isSoftware });
  const bytes = Math.min(megabytes * 2 ** 20, limits.maxBufferSize);
  for await (const { ms } of timeRuns(copies(gpu, bytes), seriesMs)) {
    say({ bandwidth: 2 * bytes / ms });
  }
  gpu.close();
}

/** Times copies of a whole buffer to another. */
function copies(gpu: Gpu, bytes: number): (count: number) => Promise<Series> {
  const [from, to] = [gpu.storage("from", bytes), gpu.storage("to", bytes)];
  const staging = gpu.staging("last", 4);
  return async (count) => {
    const started = performance.now();
    const recorder = gpu.record();
    for (let copy = 0; copy < count; copy++) {
      recorder.copy(from, to, { from: 0, to: 0, bytes });
    }
    recorder.copy(to, staging, { from: 0, to: 0, bytes: 4 });
    recorder.submit();
    const hostMs = performance.now() - started;
    await gpu.read(staging, 4);
    return { ms: performance.now() - started, hostMs };
  };
}
