/** Prints the exported function of a procedure: one thread's part of all iterations of a run. */
import type { Slot } from "../../program/node.ts";
import { bySegmentLoop } from "../../program/segments.ts";
import type { Division } from "./division.ts";
import { callRun } from "./drivers.ts";
import { ARENA_BASE, type ModulePlan } from "./plan_module.ts";
import { atMost } from "./prove_address.ts";
import { segmentLoopAround, type StageRun } from "./stage_runs.ts";
import { count, overSegments } from "./time_loops.ts";
import { commandWords } from "./worker.ts";

/** Statements that save the slots that an evaluation changes, and that restore them. */
export interface Copies {
  readonly save: readonly string[];
  readonly back: readonly string[];
}

/** The copies of these slots: of replica r where a thread takes whole replicas, else of all replicas. */
export function copies(
  slots: readonly Slot[],
  { memory, snapshotBase, division }: Pick<ModulePlan, "memory" | "snapshotBase" | "division">,
): Copies {
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
    save: pairs.map(([live, snapshot, bytes]) => copy(snapshot, live, bytes)),
    back: pairs.map(([live, snapshot, bytes]) => copy(live, snapshot, bytes)),
  };
}

/** A loop over the replicas that no other thread has begun: a faster thread takes more of them. */
const overReplicas = (replicas: number, body: readonly string[]): string[] => [
  "(loop $replicas",
  `  (local.set $r (i32.atomic.rmw.add (i32.const ${4 * commandWords.replica}) (i32.const 1)))`,
  `  (if (i32.lt_u (local.get $r) (i32.const ${replicas})) (then`,
  ...body.map((line) => "    " + line),
  "    (br $replicas))))",
];

/** The function that runs this thread's part of all iterations of a procedure. */
export function procedureDriver(
  procedure: string,
  { runs, division, chunk, copies }: {
    runs: readonly StageRun[];
    division: Division;
    /** K, most iterations of one run. */
    chunk: number;
    copies: Copies | undefined;
  },
): string {
  const { extents, wholeReplicas } = division;
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
  const runAll = (after: readonly string[]) =>
    bySegmentLoop(runs, segmentLoopAround).flatMap((group) => {
      const calls = group.flatMap((run) => [callRun(run, division), ...after]);
      return overSegments(segmentLoopAround(group[0]!), calls, extents);
    });
  const { save = [], back = [] } = copies ?? {};
  const body = wholeReplicas
    ? overReplicas(extents.replicas, [
      ...ifRestoring(save),
      ...iterations([
        ...runAll([]),
        ...ifRestoring(back),
      ]),
    ])
    : [
      ...onFirstThread(save),
      ...iterations([
        ...runAll(["(call $wait_for_all)"]),
        ...onFirstThread(back),
      ]),
    ];
  const locals = ["k", "r", "g", "turn"].map((name) => `(local $${name} i32)`).join(" ");
  return [
    `(func (export "${procedure}") (param $iterations i32) (param $restore i32) ${locals}`,
    `  (local.set $iterations ${atMost("(local.get $iterations)", chunk)})`,
    ...body.map((line) => "  " + line),
    "  (call $wait_for_all)",
    ")",
  ].join("\n");
}
