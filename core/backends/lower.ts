/**
 * From a program to what a backend prints, in the same steps for every backend that makes code: what
 * loops would compute again is hoisted, stages become passes, passes become launches, and everything
 * gets its place in memory.
 */
import type { Extents } from "../axes.ts";
import type { Slot } from "../program/node.ts";
import type { Program, Stage } from "../program/program.ts";
import { hoistInvariants } from "../schedule/hoist_invariants.ts";
import { chooseLowering, type Lowering, type LoweringChoice } from "../schedule/lowering.ts";
import type { Schedule } from "../schedule/pass.ts";
import { scheduleStage } from "../schedule/schedule.ts";
import { writtenSlots } from "./layout.ts";
import { type MemoryPlan, type PerThread, planMemory } from "./memory_plan.ts";

/** A stage of a procedure, ready to be printed. */
export interface LoweredStage {
  readonly procedure: string;
  /** Its number in the procedure, with the stages that hoisting put before it. */
  readonly number: number;
  readonly stage: Stage;
  readonly schedule: Schedule;
  readonly lowering: Lowering;
}

/** The stages of every procedure, in order. */
export type LoweredProcedures = ReadonlyMap<string, readonly LoweredStage[]>;

/** A program, ready to be printed. */
export interface LoweredProgram {
  readonly extents: Extents;
  readonly procedures: LoweredProcedures;
  /** What an evaluation changes and puts back. */
  readonly snapshotSlots: readonly Slot[];
  readonly memory: MemoryPlan;
}

/**
 * Lowers a program.
 *
 * @param chunk K, most iterations of one run.
 * @param arenaLimit most bytes of one arena; by default there is no limit, as for an estimate.
 * @param perThread what threads have copies of, which depends on the schedules.
 * @throws RangeError if one slot alone is larger than an arena may be, or if a stage needs something
 * no backend can do.
 */
export function lower(
  given: Program,
  { chunk, lowering, arenaLimit = Infinity, perThread }: {
    chunk: number;
    lowering: LoweringChoice;
    arenaLimit?: number;
    perThread?: (procedures: LoweredProcedures) => PerThread;
  },
): LoweredProgram {
  const program = hoistInvariants(given);
  const { extents } = program;
  const procedures: LoweredProcedures = new Map(
    [...program.procedures].map(([procedure, stages]) => [
      procedure,
      stages.map((stage, number): LoweredStage => {
        const schedule = scheduleStage(stage, extents);
        const chosen = chooseLowering(schedule, { loop: stage.loop, extents, choice: lowering });
        return { procedure, number, stage, schedule, lowering: chosen };
      }),
    ]),
  );
  const snapshotSlots = writtenSlots(program, "evaluate");
  const memory = planMemory(program, {
    chunk,
    arenaLimit,
    temporaries: [...procedures.values()].flat().flatMap(({ schedule }) => schedule.temporaries),
    snapshotSlots,
    perThread: perThread?.(procedures),
  });
  return { extents, procedures, snapshotSlots, memory };
}
