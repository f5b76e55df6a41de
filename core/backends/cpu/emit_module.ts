/** A program as one WebAssembly module: pass functions, and a driver for every stage and procedure. */
import type { Extents } from "../../axes.ts";
import type { Program, Stage } from "../../program/program.ts";
import type { Slot } from "../../program/node.ts";
import { hoistInvariants } from "../../schedule/hoist_invariants.ts";
import { scheduleStage } from "../../schedule/schedule.ts";
import { wasmFunctions } from "../../wat/functions.ts";
import type { MemoryEstimate } from "../backend.ts";
import { writtenSlots } from "../layout.ts";
import { type MemoryPlan, type PerThread, planMemory } from "../memory_plan.ts";
import { divide, type Division } from "./division.ts";
import { count, runDriver, runName } from "./drivers.ts";
import { emitPass, scratchBytes } from "./emit_pass.ts";
import { type PlannedStage, privateTapes, type StageRun, stageRuns } from "./stage_runs.ts";
import { commandWords } from "./worker.ts";

/** Bytes before the first slot: barrier words, and room for reads that begin before a value. */
export const ARENA_BASE = 1 << 17;
/** Bytes after the last slot, for reads that end after a value. */
const TAIL = 1 << 17;
const MAX_BYTES = 2 ** 32 - 2 ** 20;
const PAGE = 65536;

export interface ModuleText
  extends Pick<ModulePlan, "memory" | "scratch" | "snapshotBase" | "estimate"> {
  readonly text: string;
  readonly pages: number;
}

export interface ModulePlan {
  /** Of every procedure. */
  readonly runs: ReadonlyMap<string, readonly StageRun[]>;
  readonly division: Division;
  /** What an evaluation changes and puts back. */
  readonly snapshotSlots: readonly Slot[];
  readonly memory: MemoryPlan;
  readonly estimate: MemoryEstimate;
  /** First byte and size of each thread's scratch memory. */
  readonly scratch: { readonly base: number; readonly bytes: number };
  /** First byte of the copies that `restore` keeps. */
  readonly snapshotBase: number;
  /** Bytes in all. */
  readonly end: number;
}

const plan = (procedure: string, stages: readonly Stage[], extents: Extents): PlannedStage[] =>
  stages.map((stage, index) => ({
    stage,
    name: `${procedure}_${index}_${stage.name}`,
    schedule: scheduleStage(stage, extents),
  }));

/**
 * Where everything of a module lies, however much it is.
 *
 * @throws RangeError if one slot alone is larger than `limit`, or all are.
 */
export function planModule(
  given: Program,
  { chunk, threads, limit = Infinity }: { chunk: number; threads: number; limit?: number },
): ModulePlan {
  const program = hoistInvariants(given);
  const { extents } = program;
  const division = divide(extents, threads);
  const runs = new Map(
    [...program.procedures].map(([procedure, stages]) =>
      [procedure, stageRuns(plan(procedure, stages, extents))] as const
    ),
  );
  const stages = [...runs.values()].flat(2);
  const snapshotSlots = writtenSlots(program, "evaluate");
  const memory = planMemory(program, {
    chunk,
    arenaLimit: limit,
    temporaries: stages.flatMap(({ schedule }) => schedule.temporaries),
    snapshotSlots: new Set(snapshotSlots),
    perThread: onceAThread([...runs.values()], division),
  });
  const bytes = (arenas: readonly number[]) => 4 * arenas.reduce((sum, size) => sum + size, 0);
  const scratchSize = 16 +
    Math.max(
      0,
      ...stages.flatMap(({ schedule: { groups, places } }) =>
        groups.flat().map((pass) => scratchBytes(pass, places))
      ),
    );
  // A cache line apart, so that threads do not write into each other's lines.
  const scratch = {
    base: ARENA_BASE + bytes(memory.arenas),
    bytes: Math.ceil(scratchSize / 64 + 1) * 64,
  };
  const snapshotBase = scratch.base + scratch.bytes * threads;
  const end = snapshotBase + bytes(memory.snapshotArenas) + TAIL;
  if (memory.arenas.length > 1 || end > limit) {
    throw new RangeError(`The program needs ${end} bytes; the cpu backend addresses ${limit}`);
  }
  const estimate = new Map([...memory.estimate, ["scratch", scratch.bytes * threads]]);
  return { runs, division, snapshotSlots, memory, estimate, scratch, snapshotBase, end };
}

/** What is there once a thread: where a thread takes one replica, or one sequence, after the other. */
function onceAThread(
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

/** @throws RangeError if the program needs more than 4 GiB. */
export function emitModule(
  program: Program,
  { chunk, threads, relaxed }: { chunk: number; threads: number; relaxed: boolean },
): ModuleText {
  const { runs, division, snapshotSlots, memory, estimate, scratch, snapshotBase, end } =
    planModule(
      program,
      {
        chunk,
        threads,
        limit: MAX_BYTES,
      },
    );
  const stages = [...runs.values()].flat(2);
  const pages = Math.ceil(end / PAGE);
  const functions = stages.flatMap(({ schedule, name }) => {
    const context = { memory, places: schedule.places, arenaBase: ARENA_BASE };
    return schedule.groups.flat().map((pass, index) => emitPass(`${name}_${index}`, pass, context));
  });
  const text = [
    "(module",
    `(import "env" "memory" (memory ${pages} ${pages} shared))`,
    '(global $scratch (import "env" "scratch") i32)',
    '(global $thread (import "env" "thread") i32)',
    '(global $threads (import "env" "threads") i32)',
    wasmFunctions({ relaxed, kernels: functions.join("\n") }),
    barrier,
    ...[...runs.values()].flat().map((run) => runDriver(run, division)),
    ...[...runs].map(([procedure, runs]) =>
      procedureDriver(procedure, {
        runs,
        division,
        copies: procedure === "evaluate"
          ? copies(snapshotSlots, { memory, snapshotBase, division })
          : undefined,
      })
    ),
    ")",
  ].join("\n");
  return { text, memory, estimate, pages, scratch, snapshotBase };
}

/** All threads wait for each other. Word 0 counts who has come, word 4 the barriers passed. */
const barrier = `(func $wait_for_all (export "wait_for_all") (local $passed i32) (local $spins i32)
  (if (i32.eq (global.get $threads) (i32.const 1)) (then (return)))
  (local.set $passed (i32.atomic.load (i32.const 4)))
  (if (i32.eq (i32.atomic.rmw.add (i32.const 0) (i32.const 1)) (i32.sub (global.get $threads) (i32.const 1)))
    (then
      (i32.atomic.store (i32.const 0) (i32.const 0))
      (i32.atomic.store (i32.const 4) (i32.add (local.get $passed) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 4) (i32.const 1024)))
      (return)))
  (loop $spin
    (if (i32.ne (i32.atomic.load (i32.const 4)) (local.get $passed)) (then (return)))
    (local.set $spins (i32.add (local.get $spins) (i32.const 1)))
    (br_if $spin (i32.lt_u (local.get $spins) (i32.const 200000))))
  (loop $sleep
    (drop (memory.atomic.wait32 (i32.const 4) (local.get $passed) (i64.const 1000000)))
    (br_if $sleep (i32.eq (i32.atomic.load (i32.const 4)) (local.get $passed)))))`;

/** Statements that copy what an evaluation changes, of replica r or of all, and put it back. */
function copies(
  slots: readonly Slot[],
  { memory, snapshotBase, division }: Pick<ModulePlan, "memory" | "snapshotBase" | "division">,
): { save: string[]; back: string[] } {
  const { extents: { replicas }, wholeReplicas } = division;
  const pairs = slots.map((slot) => {
    const { offset, size } = memory.regionOf({ slot });
    const bytes = wholeReplicas ? 4 * size / replicas : 4 * size;
    const address = (start: number) =>
      wholeReplicas
        ? `(i32.add (i32.const ${start}) (i32.mul (local.get $r) (i32.const ${bytes})))`
        : `(i32.const ${start})`;
    return [
      address(ARENA_BASE + offset * 4),
      address(snapshotBase + memory.snapshotOf(slot).offset * 4),
      bytes,
    ] as const;
  });
  const copy = (to: string, from: string, bytes: number) =>
    `(memory.copy ${to} ${from} (i32.const ${bytes}))`;
  return {
    save: pairs.map(([own, snapshot, bytes]) => copy(snapshot, own, bytes)),
    back: pairs.map(([own, snapshot, bytes]) => copy(own, snapshot, bytes)),
  };
}

/** A loop over the replicas that no other thread has begun: whoever is done sooner takes more. */
const overReplicas = (replicas: number, body: readonly string[]): string[] => [
  "(loop $replicas",
  `  (local.set $r (i32.atomic.rmw.add (i32.const ${4 * commandWords.replica}) (i32.const 1)))`,
  `  (if (i32.lt_u (local.get $r) (i32.const ${replicas})) (then`,
  ...body.map((line) => "    " + line),
  "    (br $replicas))))",
];

/** All iterations of a procedure, this thread's part. */
function procedureDriver(
  procedure: string,
  { runs, division: { extents, wholeReplicas }, copies }: {
    runs: readonly StageRun[];
    division: Division;
    copies: { save: string[]; back: string[] } | undefined;
  },
): string {
  const ifRestoring = (statements: readonly string[]) =>
    statements.length === 0 ? [] : ["(if (local.get $restore) (then", ...statements, "))"];
  const onFirstThread = (statements: readonly string[]) =>
    statements.length === 0 ? [] : ifRestoring([
      "(call $wait_for_all)",
      "(if (i32.eqz (global.get $thread)) (then",
      ...statements.map((line) => "  " + line),
      "))",
      "(call $wait_for_all)",
    ]);
  const iterations = (body: readonly string[]) =>
    count("k", "(i32.const 0)", "(local.get $iterations)", body);
  const { save = [], back = [] } = copies ?? {};
  const body = wholeReplicas
    ? overReplicas(extents.replicas, [
      ...ifRestoring(save),
      ...iterations([
        ...runs.map((run) => `(call $${runName(run)} (local.get $k) (local.get $r))`),
        ...ifRestoring(back),
      ]),
    ])
    : [
      ...onFirstThread(save),
      ...iterations([
        ...runs.flatMap((
          run,
        ) => [`(call $${runName(run)} (local.get $k))`, "(call $wait_for_all)"]),
        ...onFirstThread(back),
      ]),
    ];
  return [
    `(func (export "${procedure}") (param $iterations i32) (param $restore i32) (local $k i32) (local $r i32)`,
    ...body.map((line) => "  " + line),
    "  (call $wait_for_all)",
    ")",
  ].join("\n");
}
