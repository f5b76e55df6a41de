/** The kernels of a stage, how often they are launched and what they move. */
import type { Extents } from "../../axes.ts";
import type { Stage } from "../../program/program.ts";
import { segmentsOf } from "../../program/segments.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import type { Sharing } from "./fused_kernel.ts";
import type { KernelSource } from "./kernel_text.ts";
import { type Bytes, bytesOf } from "./moved_bytes.ts";
import { isRepeated } from "./steps_text.ts";

/** The kernels of one stage, in the order of their launches. */
export interface StageKernels {
  readonly procedure: string;
  readonly stage: Stage;
  /** Whether all kernels are launched at every step; else once per iteration. */
  readonly perStep: boolean;
  /** Sequences or replicas that never wait for each other. */
  readonly owners: number;
  readonly kernels: readonly KernelSource[];
  /** Of each kernel that runs several passes; undefined: every pass is a launch. */
  readonly sharings?: readonly Sharing[];
}

/** How often every kernel is launched in one iteration. */
export function launchesOf({ stage, perStep }: StageKernels, extents: Extents): number {
  if (perStep) return extents.steps;
  return stage.segments ? segmentsOf(extents) : 1;
}

/** The bytes that a stage moves in one iteration. */
export function stageBytes(
  kernels: StageKernels,
  { memory, extents }: { memory: MemoryPlan; extents: Extents },
): Bytes {
  const launches = launchesOf(kernels, extents);
  return bytesOf(kernels.kernels.flatMap(({ traffic }) => traffic.passes), {
    memory,
    extents,
    launches,
    steps: isRepeated(kernels.stage) ? extents.steps : launches,
    owners: kernels.owners,
  });
}
