/** Prints a program as WGSL kernels. */
import type { Program, Stage } from "../../program/program.ts";
import type { LoweringChoice } from "../../schedule/lowering.ts";
import { lower, type LoweredProgram, type LoweredStage } from "../lower.ts";
import { fusedKernel, type KernelSource, splitKernel } from "./emit_kernel.ts";

/** The kernels of one stage, in the order of their launches. */
export interface StageKernels {
  readonly procedure: string;
  readonly stage: Stage;
  /** Whether all kernels are launched at every step; else once per iteration. */
  readonly perStep: boolean;
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
 * @param maxLanes most invocations of one workgroup.
 * @throws RangeError as `lower`.
 */
export function emitProgram(
  program: Program,
  { chunk, lowering, arenaLimit, maxLanes }: {
    chunk: number;
    lowering: LoweringChoice;
    arenaLimit: number;
    maxLanes: number;
  },
): EmittedProgram {
  const lowered = lower(program, { chunk, lowering, arenaLimit });
  const { procedures, memory, snapshotSlots } = lowered;
  const stages = [...procedures.values()].flat().map((stage) =>
    emitStage(stage, lowered, maxLanes)
  );
  return { memory, snapshotSlots, stages };
}

function emitStage(
  { procedure, stage, schedule, lowering }: LoweredStage,
  { memory, extents }: LoweredProgram,
  maxLanes: number,
): StageKernels {
  const context = { memory, places: schedule.places };
  const title = `${procedure}/${stage.name}`;
  if (lowering.kind === "fused") {
    const { owner } = lowering;
    const options = { extents, stage, owner, maxLanes, title };
    const kernels = [fusedKernel(schedule, context, options)];
    return { procedure, stage, perStep: false, kernels };
  }
  const kernels = schedule.groups.flat().map((pass, index) =>
    splitKernel(pass, context, { extents, stage, title: `${title}, pass ${index}` })
  );
  return {
    procedure,
    stage,
    perStep: stage.loop === "forward" || stage.loop === "reverse",
    kernels,
  };
}
