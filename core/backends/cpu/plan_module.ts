/** Plans a WebAssembly module: its memory, and which stages run together. */
import type { Extents, Shape } from "../../axes.ts";
import type { Slot } from "../../program/node.ts";
import type { Program } from "../../program/program.ts";
import { bytesOf } from "../arenas.ts";
import type { MemoryEstimate } from "../backend.ts";
import { lower, type LoweredProcedures } from "../lower.ts";
import type { MemoryPlan, PerThread } from "../memory_plan.ts";
import { divide, type Division } from "./division.ts";
import { scratchBytes } from "./pass_strategy.ts";
import { PAIR, rowSize } from "./row_size.ts";
import { privateTapes } from "./private_tapes.ts";
import { type StageRun, stageRuns } from "./stage_runs.ts";

/** Bytes before the first slot: barrier and command words, and room for reads that begin before a value. */
export const ARENA_BASE = 1 << 17;
/**
 * Bytes after the last slot, for reads that end after a value: rows of a matrix that lanes stand for beyond its
 * last one, and parts of concatenations. Reads that go further are kept inside at some cost (`memory_access.ts`).
 */
const tailBytes = (shapes: readonly Shape[]): number => {
  const rows = shapes.map((shape) => shape.length === 2 ? rowSize(shape[1]) : 0);
  return (1 << 17) + 4 * PAIR * Math.max(0, ...rows);
};

/** Memory and stages of a module. Addresses and sizes are bytes. */
export interface ModulePlan {
  /** The runs of stages of every procedure. */
  readonly runs: ReadonlyMap<string, readonly StageRun[]>;
  readonly division: Division;
  /** The slots that an evaluation changes and puts back. */
  readonly snapshotSlots: readonly Slot[];
  readonly memory: MemoryPlan;
  readonly estimate: MemoryEstimate;
  /** First byte and size of each thread's scratch memory. */
  readonly scratch: { readonly base: number; readonly bytes: number };
  /** First byte of the snapshots. */
  readonly snapshotBase: number;
  /** Bytes in all. */
  readonly end: number;
}

/**
 * Plans a module.
 *
 * @param chunk K, most iterations of one run.
 * @param limit most bytes in all; default: no limit, as for an estimate.
 * @throws RangeError if the program needs more than `limit`.
 */
export function planModule(
  program: Program,
  { chunk, threads, limit = Infinity }: { chunk: number; threads: number; limit?: number },
): ModulePlan {
  const division = divide(program.extents, threads);
  let runs = new Map<string, readonly StageRun[]>();
  const { memory, snapshotSlots } = lower(program, {
    chunk,
    lowering: "fused",
    arenaLimit: limit,
    rowSize,
    perThread(procedures) {
      runs = runsOf(procedures);
      return onePerThread([...runs.values()], division);
    },
  });
  const stages = [...runs.values()].flat(2);
  const scratchSize = 16 +
    Math.max(
      0,
      ...stages.flatMap(({ schedule: { groups, places } }) =>
        groups.flat().map((pass) => scratchBytes(pass, places))
      ),
    );
  // A cache line apart, so that threads do not write into each other's lines.
  const scratch = {
    base: ARENA_BASE + bytesOf(memory.arenas),
    bytes: Math.ceil(scratchSize / 64 + 1) * 64,
  };
  const shapes = [
    ...program.slots.values(),
    ...stages.flatMap(({ schedule }) => schedule.temporaries),
  ].map(({ shape }) => shape);
  const snapshotBase = scratch.base + scratch.bytes * threads;
  const end = snapshotBase + bytesOf(memory.snapshotArenas) + tailBytes(shapes);
  if (memory.arenas.length > 1 || end > limit) {
    throw new RangeError(`The program needs ${end} bytes; the cpu backend addresses ${limit}`);
  }
  const estimate = new Map([...memory.estimate, ["scratch", scratch.bytes * threads]]);
  return { runs, division, snapshotSlots, memory, estimate, scratch, snapshotBase, end };
}

/** The runs of stages of every procedure. */
const runsOf = (procedures: LoweredProcedures): Map<string, readonly StageRun[]> =>
  new Map([...procedures].map(([procedure, stages]) => [procedure, stageRuns(stages)]));

/** What every thread has one copy of, since it takes one replica, or one sequence, after the other. */
function onePerThread(
  procedures: readonly (readonly StageRun[])[],
  { extents, threads, wholeReplicas }: Division,
): PerThread {
  const { replicas, sequences } = extents;
  const ofReplica = wholeReplicas && threads < replicas ? { ...extents, replicas: 1 } : undefined;
  const ofSequence = threads < replicas * sequences && { ...extents, replicas: 1, sequences: 1 };
  const tapes = (parts: readonly StageRun[], of: Extents | false | undefined) =>
    of ? [...privateTapes(parts)].map((slot) => [slot, of] as const) : [];
  return {
    threads,
    slots: new Map([
      ...tapes(procedures.map((runs) => runs.flat()), ofReplica),
      ...tapes(procedures.flat(), ofSequence),
    ]),
    temporaries: ofReplica,
    replicas: wholeReplicas && threads > 1,
  };
}
