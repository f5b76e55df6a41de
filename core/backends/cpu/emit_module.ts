/** Prints a program as one WebAssembly module: functions of passes, stages and procedures. */
import type { Program } from "../../program/program.ts";
import { wasmFunctions } from "../../wat/functions.ts";
import { runDriver } from "./drivers.ts";
import { emitPass } from "./emit_pass.ts";
import { maskTable } from "./lane_masks.ts";
import { ARENA_BASE, type ModulePlan, planModule } from "./plan_module.ts";
import { copies, procedureDriver } from "./procedure_driver.ts";
import { passNames } from "./stage_runs.ts";

/** Most bytes that 32-bit addresses reach, with some room at the end. */
const MAX_BYTES = 2 ** 32 - 2 ** 20;
const PAGE = 65536;
/** The bytes of the constants, between those of barrier, commands and masks and the arena. */
const CONSTANTS = { from: 1024, to: ARENA_BASE };

/** A module as text, and where its memory lies. */
export interface ModuleText
  extends Pick<ModulePlan, "memory" | "scratch" | "snapshotBase" | "estimate"> {
  readonly text: string;
  /** Pages of 64 KiB that the module needs. */
  readonly pages: number;
}

/**
 * Prints the module of a program.
 *
 * @param chunk K, most iterations of one run.
 * @param relaxed uses relaxed SIMD, whose multiply-add rounds once.
 * @throws RangeError if the program needs more than 4 GiB.
 */
export function emitModule(
  program: Program,
  { chunk, threads, relaxed }: { chunk: number; threads: number; relaxed: boolean },
): ModuleText {
  const plan = planModule(program, { chunk, threads, limit: MAX_BYTES });
  const { runs, division, snapshotSlots, memory, estimate, scratch, snapshotBase, end } = plan;
  const pages = Math.ceil(end / PAGE);
  const { extents } = division;
  const module = { memory, arenaBase: ARENA_BASE, end, threads, extents, chunk };
  const functions = [...runs.values()].flat(2).flatMap((stage) => {
    const context = { ...module, places: stage.schedule.places };
    return [...passNames(stage)].map(([pass, name]) => emitPass(name, pass, context));
  });
  const text = [
    "(module",
    `(import "env" "memory" (memory ${pages} ${pages} shared))`,
    maskTable,
    '(global $scratch (import "env" "scratch") i32)',
    '(global $thread (import "env" "thread") i32)',
    '(global $threads (import "env" "threads") i32)',
    wasmFunctions({ relaxed, constants: CONSTANTS, kernels: functions.join("\n") }),
    barrier,
    ...[...runs.values()].flat().map((run) => runDriver(run, division)),
    ...[...runs].map(([procedure, runs]) =>
      procedureDriver(procedure, {
        runs,
        division,
        chunk,
        copies: procedure === "evaluate" ? copies(snapshotSlots, plan) : undefined,
      })
    ),
    ")",
  ].join("\n");
  return { text, memory, estimate, pages, scratch, snapshotBase };
}

/** All threads wait for each other. Byte 0 counts the threads that wait, byte 4 the barriers passed. */
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
