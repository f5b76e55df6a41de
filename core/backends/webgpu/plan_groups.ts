/** How many replicas a device holds at once, and the memory that all of them take. */
import type { Program } from "../../program/program.ts";
import type { LoweringChoice } from "../../schedule/lowering.ts";
import type { MemoryEstimate } from "../backend.ts";
import { lower } from "../lower.ts";
import type { GpuLimits } from "./device/gpu_types.ts";
import { estimateOfGroups, replicasAtOnce, withReplicas } from "./replica_groups.ts";

/** What decides how a program is laid out. */
export interface Layout {
  readonly chunk: number;
  readonly lowering: LoweringChoice;
  readonly limits: Pick<
    GpuLimits,
    "maxStorageBufferBindingSize" | "maxBufferSize" | "maxStorageBuffers"
  >;
}

/** Most bytes of an arena, which is one binding. */
export const arenaLimitOf = ({ limits }: Layout): number =>
  Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);

/** Replicas that the bindings of the device hold at once: all, or those of a group. */
export function groupSize(program: Program, layout: Layout): number {
  const all = program.extents.replicas;
  const arenaLimit = arenaLimitOf(layout);
  return replicasAtOnce(all, (replicas) => {
    try {
      const options = { ...layout, arenaLimit, keptApart: replicas < all };
      const { memory } = lower(withReplicas(program, replicas), options);
      return memory.arenas.length <= layout.limits.maxStorageBuffers;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  });
}

/** The memory of all replicas; said even where no device could hold it. */
export function estimateMemory(program: Program, layout: Layout): MemoryEstimate {
  const replicas = groupSize(program, layout);
  const { memory } = lower(withReplicas(program, replicas), layout);
  return estimateOfGroups(memory.estimate, Math.ceil(program.extents.replicas / replicas));
}
