/** A program as one WebAssembly module: pass functions, and a driver for every stage and procedure. */
import type { Extents } from "../../axes.ts";
import type { Program, Stage } from "../../program/program.ts";
import type { Slot } from "../../program/node.ts";
import { ownerOf } from "../../schedule/lowering.ts";
import type { Pass, Schedule } from "../../schedule/pass.ts";
import { scheduleStage } from "../../schedule/schedule.ts";
import { wasmFunctions } from "../../wat/functions.ts";
import { writtenSlots } from "../layout.ts";
import { type MemoryPlan, planMemory } from "../memory_plan.ts";
import { emitPass, scratchBytes } from "./emit_pass.ts";

/** Bytes before the first slot: barrier words, and room for reads that begin before a value. */
export const ARENA_BASE = 1 << 17;
/** Bytes after the last slot, for reads that end after a value. */
const TAIL = 1 << 17;
const MAX_BYTES = 2 ** 32 - 2 ** 20;
const PAGE = 65536;

export interface ModuleText {
  readonly text: string;
  readonly memory: MemoryPlan;
  readonly pages: number;
  /** First byte and size of each thread's scratch memory. */
  readonly scratch: { readonly base: number; readonly bytes: number };
  /** First byte of the copies that `restore` keeps. */
  readonly shadowBase: number;
}

/** Bytes of a matrix above which its rows are taken in bands, and of a band: it stays in cache. */
const BAND_WORTH = 1 << 18;
const BAND_BYTES = 1 << 16;

interface PlannedStage {
  readonly stage: Stage;
  readonly procedure: string;
  readonly name: string;
  readonly schedule: Schedule;
}

/** @throws RangeError if the program needs more than 4 GiB. */
export function emitModule(
  program: Program,
  { chunk, threads, relaxed }: { chunk: number; threads: number; relaxed: boolean },
): ModuleText {
  const { extents } = program;
  const stages: PlannedStage[] = [...program.procedures].flatMap(([procedure, stages]) =>
    stages.map((stage, index) => ({
      stage,
      procedure,
      name: `${procedure}_${index}_${stage.name}`,
      schedule: scheduleStage(stage, extents),
    }))
  );
  const borrowed = writtenSlots(program, "evaluate");
  const memory = planMemory(program, {
    chunk,
    arenaLimit: MAX_BYTES,
    temporaries: stages.flatMap(({ schedule }) => schedule.temporaries),
    restorable: new Set(borrowed),
  });
  const bytes = (elements: readonly number[]) => 4 * (elements[0] ?? 0);
  const scratchSize = 16 +
    Math.max(0, ...stages.flatMap(({ schedule }) => schedule.groups.flat().map(scratchBytes)));
  // A cache line apart, so that threads do not write into each other's lines.
  const scratch = {
    base: ARENA_BASE + bytes(memory.arenas),
    bytes: Math.ceil(scratchSize / 64 + 1) * 64,
  };
  const shadowBase = scratch.base + scratch.bytes * threads;
  const end = shadowBase + bytes(memory.shadowArenas) + TAIL;
  if (memory.arenas.length > 1 || end > MAX_BYTES) {
    throw new RangeError(`The program needs ${end} bytes; the cpu backend addresses ${MAX_BYTES}`);
  }
  const pages = Math.ceil(end / PAGE);
  const functions = stages.flatMap(({ schedule, name }) => {
    const context = { memory, places: schedule.places, arenaBase: ARENA_BASE, extents };
    return schedule.groups.flat().map((pass, index) => emitPass(`${name}_${index}`, pass, context));
  });
  const text = [
    "(module",
    `(import "env" "memory" (memory ${pages} ${pages} shared))`,
    '(global $scratch (import "env" "scratch") i32)',
    '(global $thread (import "env" "thread") i32)',
    '(global $threads (import "env" "threads") i32)',
    wasmFunctions({ relaxed, kernels: functions.join("\n") }),
    barrier(extents),
    ...stages.map((planned) => stageDriver(planned, extents)),
    ...[...program.procedures.keys()].map((procedure) =>
      procedureDriver(procedure, {
        stages: stages.filter((each) => each.procedure === procedure),
        copies: procedure === "evaluate" ? copies(borrowed, { memory, shadowBase }) : undefined,
      })
    ),
    ")",
  ].join("\n");
  return { text, memory, pages, scratch, shadowBase };
}

/**
 * All threads wait for each other. Word 0 counts who has come, word 4 the barriers passed. Threads
 * that own whole replicas never need it.
 */
function barrier({ replicas }: Extents): string {
  return `(func $barrier (local $passed i32) (local $spins i32)
  (if (i32.eqz (i32.rem_u (i32.const ${replicas}) (global.get $threads))) (then (return)))
  (call $wait_for_all))
(func $wait_for_all (export "wait_for_all") (local $passed i32) (local $spins i32)
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
}

/** total * part / parts, the first of a thread's share. */
const share = (total: number, part: string) =>
  `(i32.div_u (i32.mul (i32.const ${total}) ${part}) (global.get $threads))`;
const ownShare = (total: number) => share(total, "(global.get $thread)");
const nextShare = (total: number) => share(total, "(i32.add (global.get $thread) (i32.const 1))");

/** The matrix whose rows a pass goes over one by one. */
function matrixOf({ domain, reduction }: Pass): readonly [number, number] | undefined {
  if (domain.shape.length === 2) return domain.shape;
  const rowByRow = reduction?.axes.join() === "pre" && reduction.operand.length === 2;
  return rowByRow ? reduction.operand as readonly [number, number] : undefined;
}

/** A loop over `name` from .. to - 1; both are computed once. */
function count(name: string, from: string, to: string, body: readonly string[]): string[] {
  return [
    `(local.set $${name} ${from})`,
    `(block $${name}_end (loop $${name}_loop`,
    `  (br_if $${name}_end (i32.ge_u (local.get $${name}) ${to}))`,
    ...body.map((line) => "  " + line),
    `  (local.set $${name} (i32.add (local.get $${name}) (i32.const 1)))`,
    `  (br $${name}_loop)))`,
  ];
}

function callPass(
  name: string,
  { sequence, rows }: { sequence: boolean; rows: readonly [string, string] },
): string {
  const b = sequence ? "(local.get $b)" : "(i32.const 0)";
  return `(call $${name} (local.get $k) (local.get $t) (local.get $r) ${b} ${rows.join(" ")})`;
}

/** One iteration of a stage, this thread's part. */
function stageDriver({ stage, name, schedule }: PlannedStage, extents: Extents): string {
  const { replicas, sequences, steps } = extents;
  const names = new Map<Pass, string>();
  schedule.groups.flat().forEach((pass, index) => names.set(pass, `${name}_${index}`));
  const rowsOf = (pass: Pass) => matrixOf(pass)?.[0] ?? 0;
  const whole = (
    pass: Pass,
  ): readonly [string, string] => ["(i32.const 0)", `(i32.const ${rowsOf(pass)})`];

  /** Passes over this thread's sequences: a sequence stays in cache from pass to pass. */
  function overSequences(body: readonly string[]): string[] {
    if (body.length === 0) return [];
    return count("pair", ownShare(replicas * sequences), nextShare(replicas * sequences), [
      `(local.set $r (i32.div_u (local.get $pair) (i32.const ${sequences})))`,
      `(local.set $b (i32.rem_u (local.get $pair) (i32.const ${sequences})))`,
      ...body,
    ]);
  }
  const sequencePasses = (passes: readonly Pass[]) =>
    passes.filter(({ domain }) => domain.sequence)
      .map((pass) => callPass(names.get(pass)!, { sequence: true, rows: whole(pass) }));
  /**
   * The same, but large matrices a band of rows at a time for all sequences, so that what the
   * sequences share (masks, rates) is read from memory once and not once a sequence.
   */
  function inBands(passes: readonly Pass[]): string[] {
    const lines: string[] = [];
    let run: Pass[] = [];
    const close = () => {
      lines.push(...overSequences(sequencePasses(run)));
      run = [];
    };
    for (const pass of passes.filter(({ domain }) => domain.sequence)) {
      const [rows, columns] = matrixOf(pass) ?? [0, 0];
      if (sequences === 1 || rows * columns * 4 < BAND_WORTH) {
        run.push(pass);
        continue;
      }
      close();
      const band = Math.max(4, Math.floor(BAND_BYTES / (columns * 4) / 4) * 4);
      const next = `(i32.add (local.get $band) (i32.const ${band}))`;
      const end = `(select ${next} (i32.const ${rows}) (i32.lt_u ${next} (i32.const ${rows})))`;
      const bounds = ["(local.get $band)", "(local.get $band_end)"] as const;
      lines.push(
        "(local.set $band (i32.const 0))",
        "(loop $bands",
        `  (local.set $band_end ${end})`,
        ...overSequences([callPass(names.get(pass)!, { sequence: true, rows: bounds })]),
        "  (local.set $band (local.get $band_end))",
        `  (br_if $bands (i32.lt_u (local.get $band) (i32.const ${rows}))))`,
      );
    }
    close();
    return lines;
  }
  /** Shared values: the thread's replicas, or its rows of a matrix of every replica. */
  function sharedPasses(passes: readonly Pass[]): string[] {
    const shared = passes.filter(({ domain }) => !domain.sequence);
    if (shared.length === 0) return [];
    const owned = shared.map((pass) =>
      callPass(names.get(pass)!, { sequence: false, rows: whole(pass) })
    );
    const split = shared.map((pass) => {
      const rows = rowsOf(pass);
      if (rows > 0 && pass.domain.shape.length === 2) {
        return callPass(names.get(pass)!, {
          sequence: false,
          rows: [ownShare(rows), nextShare(rows)],
        });
      }
      const mine = "(i32.eq (i32.rem_u (local.get $r) (global.get $threads)) (global.get $thread))";
      return `(if ${mine} (then ${
        callPass(names.get(pass)!, { sequence: false, rows: whole(pass) })
      }))`;
    });
    return [
      `(if (i32.eqz (i32.rem_u (i32.const ${replicas}) (global.get $threads)))`,
      "  (then",
      ...count("r", ownShare(replicas), nextShare(replicas), owned).map((line) => "    " + line),
      "  ) (else",
      ...count("r2", "(i32.const 0)", `(i32.const ${replicas})`, [
        "(local.set $r (local.get $r2))",
        ...split,
      ])
        .map((line) => "    " + line),
      "  ))",
    ];
  }
  const overSteps = (body: readonly string[]): string[] => {
    if (stage.loop === "none") return ["(local.set $t (i32.const 0))", ...body];
    const t = stage.loop === "forward"
      ? "(local.get $step)"
      : `(i32.sub (i32.const ${steps - 1}) (local.get $step))`;
    return count("step", "(i32.const 0)", `(i32.const ${steps})`, [`(local.set $t ${t})`, ...body]);
  };

  let body: string[];
  if (ownerOf(schedule) === "sequence") {
    const passes = schedule.groups.flat();
    body = stage.loop === "none"
      ? overSteps(inBands(passes))
      : overSequences(overSteps(sequencePasses(passes)));
  } else {
    const lines: string[] = [];
    let segment: Pass[] = [];
    const close = () => {
      lines.push(...inBands(segment), ...sharedPasses(segment));
      segment = [];
    };
    for (const group of schedule.groups) {
      if (group.some(({ waitsFor }) => waitsFor === "replica")) {
        close();
        lines.push("(call $barrier)");
      }
      segment.push(...group);
    }
    close();
    body = overSteps(lines);
  }
  const locals = ["t", "r", "r2", "b", "pair", "step", "band", "band_end"].map((local) =>
    `(local $${local} i32)`
  ).join(
    " ",
  );
  return [`(func $${name} (param $k i32) ${locals}`, ...body.map((line) => "  " + line), ")"].join(
    "\n",
  );
}

/** Statements that copy what an evaluation changes, and put it back. */
function copies(
  slots: readonly Slot[],
  { memory, shadowBase }: { memory: MemoryPlan; shadowBase: number },
): { save: string[]; back: string[] } {
  const pairs = slots.map((slot) => {
    const { offset, size } = memory.regionOf({ slot });
    return [
      ARENA_BASE + offset * 4,
      shadowBase + memory.shadowOf(slot).offset * 4,
      size * 4,
    ] as const;
  });
  const copy = (to: number, from: number, bytes: number) =>
    `(memory.copy (i32.const ${to}) (i32.const ${from}) (i32.const ${bytes}))`;
  return {
    save: pairs.map(([own, shadow, bytes]) => copy(shadow, own, bytes)),
    back: pairs.map(([own, shadow, bytes]) => copy(own, shadow, bytes)),
  };
}

function procedureDriver(
  procedure: string,
  { stages, copies }: {
    stages: readonly PlannedStage[];
    copies: { save: string[]; back: string[] } | undefined;
  },
): string {
  const onFirstThread = (statements: readonly string[]) =>
    statements.length === 0 ? [] : [
      "(if (local.get $restore) (then",
      "  (call $wait_for_all)",
      "  (if (i32.eqz (global.get $thread)) (then",
      ...statements.map((line) => "    " + line),
      "  ))",
      "  (call $wait_for_all)))",
    ];
  const body = [
    ...onFirstThread(copies?.save ?? []),
    ...count("k", "(i32.const 0)", "(local.get $iterations)", [
      ...stages.flatMap(({ name }) => [`(call $${name} (local.get $k))`, "(call $barrier)"]),
      ...onFirstThread(copies?.back ?? []),
    ]),
    "(call $wait_for_all)",
  ];
  return [
    `(func (export "${procedure}") (param $iterations i32) (param $restore i32) (local $k i32)`,
    ...body.map((line) => "  " + line),
    ")",
  ].join("\n");
}
