/**
 * Small passes that follow each other, as one kernel: a workgroup runs them for a replica, with barriers between them.
 * For a CPU, which a launch takes longer than such a pass.
 */
import type { Extents } from "../../axes.ts";
import type { Stage } from "../../program/program.ts";
import { symbols } from "../../schedule/index.ts";
import type { Pass, Schedule } from "../../schedule/pass.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import { elementsInMemory } from "./elements.ts";
import { emitPass } from "./emit_pass.ts";
import { forLanes, type KernelSource, kernelText } from "./kernel_text.ts";
import { laneAxes, laneCount, laneSymbols, symbolValues } from "./lane_axes.ts";
import { mostLive } from "./live_names.ts";
import { loopTurns } from "./loop_turns.ts";
import { READ_IN_LAUNCH, touchedBy } from "./software_time.ts";
import { segmentSymbols } from "./steps_text.ts";

/** Lanes of a workgroup. */
const LANES = 64;

/** What is printed. */
interface Merged {
  readonly memory: MemoryPlan;
  readonly schedule: Schedule;
  readonly extents: Extents;
  readonly stage: Stage;
  readonly subgroup: number;
}

/** Passes that follow each other, by group. */
export type Run = readonly (readonly Pass[])[];

/** The passes of a schedule: small ones that follow each other together, all others by themselves. */
export function smallRuns(merged: Merged): Run[] {
  const runs: Pass[][][] = [];
  let open: Pass[][] | undefined;
  for (const group of merged.schedule.groups) {
    open?.push([]);
    for (const pass of group) {
      if (!isSmall(pass, merged)) {
        runs.push([[pass]]);
        open = undefined;
      } else if (open) open.at(-1)!.push(pass);
      else runs.push(open = [[pass]]);
    }
  }
  return runs.map((run) => run.filter((group) => group.length > 0));
}

function isSmall(pass: Pass, merged: Merged): boolean {
  if (pass.past === "rows") return false;
  const { traffic } = unitOf(pass, merged);
  return touchedBy(traffic) <= READ_IN_LAUNCH;
}

/** The statements of a pass, for all lanes that it has in a replica. */
function unitOf(pass: Pass, { memory, schedule: { places }, extents, subgroup }: Merged) {
  const axes = laneAxes(pass.domain, extents, new Set([symbols.replica]));
  const context = { elements: elementsInMemory(memory), places, subgroup };
  const { lines, touches } = emitPass(pass, context);
  const count = laneCount(axes);
  return {
    lines: forLanes([...laneSymbols(axes), ...lines], { count, lanes: LANES }),
    traffic: {
      touches,
      lanes: count,
      valuesOf: (lane: number) => symbolValues(axes, lane),
      owners: extents.replicas,
      runs: 1,
    },
  };
}

/** The kernel of a run of small passes. */
export function mergedKernel(run: Run, title: string, merged: Merged): KernelSource {
  const { memory, extents, stage } = merged;
  const groups = run.map((group) => group.map((pass) => unitOf(pass, merged)));
  const units = groups.flat();
  const body = [
    "let k = iteration.index;",
    "let t = step.index;",
    ...segmentSymbols(stage, extents),
    `let ${symbols.replica.name} = group.y * groups.x + group.x;`,
    `if (${symbols.replica.name} >= ${extents.replicas}u) { return; }`,
    ...groups.flatMap((group, index) => [
      ...index > 0 ? ["storageBarrier();"] : [],
      ...group.flatMap(({ lines }) => lines),
    ]),
  ];
  return {
    source: kernelText(body, { arenas: memory.arenas.length, lanes: LANES, title }),
    workgroups: extents.replicas,
    traffic: {
      passes: units.map(({ traffic }) => traffic),
      barriers: groups.length - 1,
      turns: loopTurns(body),
      workgroupBytes: 0,
      registers: Math.max(...units.map(({ lines }) => mostLive(lines))),
    },
  };
}
