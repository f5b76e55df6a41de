/** Prints a program as WGSL kernels. */
import type { Program } from "../../program/program.ts";
import type { LoweringChoice } from "../../schedule/lowering.ts";
import { lower, type LoweredProgram, type LoweredStage } from "../lower.ts";
import { fusedKernel } from "./fused_kernel.ts";
import { softwareTime } from "./software_time.ts";
import { splitKernel } from "./split_kernel.ts";
import { stageBytes, type StageKernels } from "./stage_kernels.ts";
import { isRepeated } from "./steps_text.ts";
import type { WorkgroupLimits } from "./workgroup_limits.ts";

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
  const { owner, kind } = lowering;
  const owners = extents.replicas * (owner === "sequence" ? extents.sequences : 1);
  const fused = (): StageKernels => {
    const kernel = fusedKernel({ schedule, memory, extents, stage, owner, limits, title });
    return { procedure, stage, perStep: false, owners, kernels: [kernel] };
  };
  const split = (): StageKernels => {
    const kernels = schedule.groups.flat().map((pass, index) =>
      splitKernel({
        pass,
        memory,
        places: schedule.places,
        extents,
        stage,
        limits,
        title: `${title}, pass ${index}`,
      })
    );
    return { procedure, stage, perStep: isRepeated(stage), owners, kernels };
  };
  if (kind === "fused") return fused();
  // What runs once an iteration saves few launches, and many workgroups share its work.
  if (kind === "split" || !isRepeated(stage)) return split();
  const [whole, passes] = [fused(), split()];
  const costOf = (kernels: StageKernels) =>
    limits.isSoftware
      ? softwareTime(kernels, extents)
      : stageBytes(kernels, { memory, extents }).moved;
  // One workgroup is slow: it has to be worth it.
  return 2 * costOf(whole) <= costOf(passes) ? whole : passes;
}
