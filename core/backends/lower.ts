/**
 * Lowers a program to what a backend prints. The steps are the same for every backend that generates
 * code: invariants are hoisted out of loops, stages become passes, passes become launches, and
 * everything gets its place in memory.
 */
import type { Extents } from "../axes.ts";
import type { Slot } from "../program/node.ts";
import { beyondFloat32, toFloat32 } from "../program/float32_range.ts";
import type { Program, Stage } from "../program/program.ts";
import { hoistInvariants } from "../schedule/hoist_invariants.ts";
import { chooseLowering, type Lowering, type LoweringChoice } from "../schedule/lowering.ts";
import type { Schedule } from "../schedule/pass.ts";
import { shareSequences } from "../schedule/share_sequences.ts";
import { scheduleStage } from "../schedule/schedule.ts";
import { writtenSlots } from "./layout.ts";
import { type MemoryPlan, type PerThread, planMemory, type RowSize } from "./memory_plan.ts";

/** A stage of a procedure, ready to be printed. */
export interface LoweredStage {
  readonly procedure: string;
  /** Its number in the procedure; stages that hoisting added count too. */
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
  /** The slots that an evaluation changes and puts back. */
  readonly snapshotSlots: readonly Slot[];
  readonly memory: MemoryPlan;
}

/**
 * Lowers a program.
 *
 * @param chunk K, most iterations of one run.
 * @param arenaLimit most bytes of one arena; default: no limit, as for an estimate.
 * @param perThread says, from the schedules, what every thread has a copy of.
 * @param keptApart, rowSize as of `planMemory`.
 * @throws RangeError if a single slot is larger than an arena may be, if first values are described by numbers
 * that float32 does not hold, or as `scheduleStage`.
 */
export function lower(
  source: Program,
  { chunk, lowering, arenaLimit = Infinity, perThread, keptApart, rowSize }: {
    chunk: number;
    lowering: LoweringChoice;
    arenaLimit?: number;
    perThread?: (procedures: LoweredProcedures) => PerThread;
    keptApart?: boolean | undefined;
    rowSize?: RowSize;
  },
): LoweredProgram {
  for (const [name, initializer] of source.initial) {
    const beyond = beyondFloat32(initializer);
    if (beyond) toFloat32(beyond.value, `The first value of "${name}",`);
  }
  const program = hoistInvariants(shareSequences(source));
  const { extents } = program;
  const procedures: LoweredProcedures = new Map(
    [...program.procedures].map(([procedure, stages]) => [
      procedure,
      stages.map((stage, number): LoweredStage => {
        const schedule = scheduleStage(stage, extents);
        const chosen = chooseLowering(schedule, { extents, choice: lowering });
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
    keptApart,
    rowSize,
  });
  return { extents, procedures, snapshotSlots, memory };
}
