/** Prints a program as WGSL kernels. */
import type { Program, Stage } from "../../program/program.ts";
import type { LoweringChoice } from "../../schedule/lowering.ts";
import { lower, type LoweredProgram, type LoweredStage } from "../lower.ts";
import { fusedKernel, type WorkgroupLimits } from "./fused_kernel.ts";
import type { KernelSource } from "./kernel_text.ts";
import { splitKernel } from "./split_kernel.ts";
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
}

/** A program as kernels. */
export interface EmittedProgram extends Pick<LoweredProgram, "memory" | "snapshotSlots"> {
  readonly stages: readonly StageKernels[];
}

/**
 * The kernels of every stage, as text.
 *
 * @param chunk K, most iterations of one run.
 * @param arenaLimit most bytes of one storage buffer.
 * @param keptApart as of `planMemory`.
 * @param limits of one workgroup.
 * @throws RangeError as `lower`.
 */
export function emitProgram(
  program: Program,
  { chunk, lowering, arenaLimit, keptApart, limits }: {
    chunk: number;
    lowering: LoweringChoice;
    arenaLimit: number;
    keptApart?: boolean | undefined;
    limits: WorkgroupLimits;
  },
): EmittedProgram {
  const lowered = lower(program, { chunk, lowering, arenaLimit, keptApart });
  const { procedures, memory, snapshotSlots } = lowered;
  const stages = [...procedures.values()].flat().map((stage) => emitStage(stage, lowered, limits));
  return { memory, snapshotSlots, stages };
}

function emitStage(
  { procedure, stage, schedule, lowering }: LoweredStage,
  { memory, extents }: LoweredProgram,
  limits: WorkgroupLimits,
): StageKernels {
  const title = `${procedure}/${stage.name}`;
  const { owner } = lowering;
  const owners = extents.replicas * (owner === "sequence" ? extents.sequences : 1);
  if (lowering.kind === "fused") {
    const kernels = [fusedKernel({ schedule, memory, extents, stage, owner, limits, title })];
    return { procedure, stage, perStep: false, owners, kernels };
  }
  const kernels = schedule.groups.flat().map((pass, index) =>
    splitKernel({
      pass,
      memory,
      places: schedule.places,
      extents,
      stage,
      isSoftware: limits.isSoftware,
      title: `${title}, pass ${index}`,
    })
  );
  return {
    procedure,
    stage,
    perStep: isRepeated(stage),
    owners,
    kernels,
  };
}
