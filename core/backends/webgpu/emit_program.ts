/** Prints a program as WGSL kernels. */
import { partsOf, playable } from "../../program/closed_loop.ts";
import type { Program } from "../../program/program.ts";
import type { LoweringChoice } from "../../schedule/lowering.ts";
import { lower, type LoweredProgram, type LoweredStage } from "../lower.ts";
import { type Fused, fusedKernel, type Sharing } from "./fused_kernel.ts";
import { joinedKernels } from "./joined_kernels.ts";
import type { KernelSource } from "./kernel_text.ts";
import { MOST_SOFTWARE_TURNS } from "./loop_turns.ts";
import { mergedKernel, smallRuns } from "./merged_kernel.ts";
import { softwareTime } from "./software_time.ts";
import { splitKernel } from "./split_kernel.ts";
import { stageBytes, type StageKernels } from "./stage_kernels.ts";
import { isRepeated } from "./steps_text.ts";
import { subgroupKernel } from "./subgroup_kernel.ts";
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
 * @throws RangeError as `lower`, or where a software adapter would break off.
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
  const stages: StageKernels[] = [];
  for (const stage of [...procedures.values()].flat()) {
    const kernels = emitStage(stage, lowered, { limits, loop: loopOf(stage, stages) });
    if (breaksOff(kernels, limits)) {
      throw new RangeError(
        `${stage.procedure}/${stage.stage.name} takes more than ${MOST_SOFTWARE_TURNS} turns of loops, after which ` +
          "software adapters break off: use the device cpu",
      );
    }
    stages.push(kernels);
  }
  return { memory, snapshotSlots, stages };
}

/** The loop that a stage is one step of, if it is one: its kernels come first. */
function loopOf(
  { procedure, stage }: LoweredStage,
  stages: readonly StageKernels[],
): StageKernels | undefined {
  if (stage.loop !== "one") return undefined;
  return stages.find((other) =>
    isRepeated(other.stage) && other.stage.name === stage.name &&
    playable.some((played) => played === other.procedure && partsOf(played).step === procedure)
  );
}

function emitStage(
  { procedure, stage, schedule, lowering }: LoweredStage,
  { memory, extents }: LoweredProgram,
  { limits, loop }: { limits: WorkgroupLimits; loop: StageKernels | undefined },
): StageKernels {
  const title = `${procedure}/${stage.name}`;
  const { owner, kind } = lowering;
  const owners = extents.replicas * (owner === "sequence" ? extents.sequences : 1);
  const all = { schedule, memory, extents, stage, limits, title };
  const own = { procedure, stage, owners };
  const perStep = isRepeated(stage);
  const fused = (sharings: readonly Sharing[] = []): StageKernels => {
    const whole = { ...all, owner };
    const isLoop = loop !== undefined || perStep;
    const [known] = sharings;
    const { kernel, sharing } = isLoop && subgroupKernel(whole, known) || fusedKernel(whole, known);
    return { ...own, perStep: false, kernels: [kernel], sharings: [sharing] };
  };
  const split = (): StageKernels => ({ ...own, perStep, kernels: splitKernels(all) });
  const joined = (sharings?: readonly Sharing[]): StageKernels => ({
    ...own,
    perStep,
    ...joinedKernels(all, sharings),
  });
  // A step that is played alone has the bits that it has in its loop.
  if (loop?.sharings) return (loop.perStep ? joined : fused)(loop.sharings);
  if (loop || kind === "split") return split();
  if (kind === "joined") return joined();
  // What runs once an iteration saves few launches, and many workgroups share its work.
  if (kind === "either" && !perStep) return split();
  const whole = fused();
  if (kind === "fused" && !breaksOff(whole, limits)) return whole;
  const costOf = (kernels: StageKernels) => {
    if (breaksOff(kernels, limits)) return Infinity;
    return limits.isSoftware
      ? softwareTime(kernels, extents)
      : stageBytes(kernels, { memory, extents }).moved;
  };
  const passes = split();
  const isShared = kind === "either" && owner === "replica" && extents.sequences > 1;
  const sequences = isShared ? joined() : passes;
  const best = costOf(sequences) < costOf(passes) ? sequences : passes;
  // One workgroup is slow: it has to be worth it.
  return 2 * costOf(whole) <= costOf(best) ? whole : best;
}

/** A kernel for each pass, in order; a software adapter gets small passes that follow each other in one. */
function splitKernels(
  { schedule, memory, extents, stage, limits, title }: Omit<Fused, "owner" | "outside">,
): KernelSource[] {
  const { isSoftware, subgroup } = limits;
  const { groups, places } = schedule;
  const merged = { memory, schedule, extents, stage, subgroup };
  const runs = isSoftware ? smallRuns(merged) : groups.flat().map((pass) => [[pass]]);
  return runs.map((run, index) => {
    const [pass, ...others] = run.flat();
    const name = `${title}, pass ${index}`;
    if (others.length > 0) return mergedKernel(run, name, merged);
    return splitKernel({ pass: pass!, memory, places, extents, stage, limits, title: name });
  });
}

/** Whether a software adapter would not run all turns of the loops. */
const breaksOff = ({ kernels }: StageKernels, { isSoftware }: WorkgroupLimits): boolean =>
  isSoftware && kernels.some(({ traffic: { turns } }) => turns > MOST_SOFTWARE_TURNS);
