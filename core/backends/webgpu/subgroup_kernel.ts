/**
 * Prints the kernel of a whole stage for a software adapter: a workgroup that is one subgroup runs all passes and steps
 * of a sequence. A compiler for a CPU keeps in memory what outlives a barrier, and each access of a lane to workgroup
 * memory is a branch. Without both, with all values in registers, most of the time is gone.
 *
 * Numbers that all lanes read before the steps the first lane writes after them, without a barrier: lanes of such a
 * subgroup are those of one vector of the CPU, and none is ahead of the others.
 */
import { type IndexSymbol, type Position, symbols } from "../../schedule/index.ts";
import type { Pass, Place } from "../../schedule/pass.ts";
import { elementText } from "./address.ts";
import { withBarriers } from "./barriers.ts";
import { type Element, type Elements, elementsInMemory, holderOf } from "./elements.ts";
import { emitInSubgroup, suitsSubgroup } from "./emit_in_subgroup.ts";
import type { EmitContext } from "./expressions.ts";
import { type Fused, type FusedKernel, ownerSymbols, type Sharing } from "./fused_kernel.ts";
import { gridSymbols, gridValues } from "./grid.ts";
import { indent, kernelText } from "./kernel_text.ts";
import { mostLive } from "./live_names.ts";
import { loopTurns, MOST_SOFTWARE_TURNS } from "./loop_turns.ts";
import { moveRegisters, type Named } from "./move_registers.ts";
import { declareRegisters } from "./register_arrays.ts";
import { isRepeated, overSteps, stepsOfLaunch } from "./steps_text.ts";
import { layOutSubgroup, type SubgroupLayout } from "./subgroup_layout.ts";
import type { Touch } from "./traffic.ts";
import type { Unit } from "./units.ts";

/** Lanes that a CPU computes at once. */
const FEWEST_LANES = 8;

/** What a kernel has at most. */
interface Bounds {
  /** Statements of the text of all passes. */
  readonly statements: number;
  /** Registers of a lane. */
  readonly registers: number;
  /** Turns of loops. */
  readonly turns: number;
}
/** With which it compiles in seconds, and runs to the end. */
const bounds: Bounds = { statements: 5000, registers: 2800, turns: MOST_SOFTWARE_TURNS };
const unbounded: Bounds = { statements: Infinity, registers: Infinity, turns: Infinity };

/** A place in registers. */
interface Resident extends Named {
  readonly isRead: boolean;
  readonly isWritten: boolean;
  /** Whether it has other values at every step: they are read when it begins and written when it ends. */
  readonly isOfStep: boolean;
}

/**
 * The kernel, if it suits the device and the stage; loops make its text short where it would be long.
 *
 * @param loop how the loop is shared out that the stage is a step of: it then has such a kernel exactly if the loop has.
 */
export function subgroupKernel(fused: Fused, loop?: Sharing): FusedKernel | undefined {
  if (loop) return loop.subgroup && kernelOf(fused, { ...loop.subgroup, most: unbounded });
  const { schedule, owner, limits: { isSoftware, subgroup } } = fused;
  if (!isSoftware || subgroup < FEWEST_LANES || owner !== "sequence") return undefined;
  if (!schedule.groups.flat().every(suitsSubgroup)) return undefined;
  return kernelOf(fused, { isLooped: false, most: bounds }) ??
    kernelOf(fused, { isLooped: true, most: bounds });
}

/** The kernel, if it keeps the bounds. */
function kernelOf(
  fused: Fused,
  { isLooped, most }: { isLooped: boolean; most: Bounds },
): FusedKernel | undefined {
  const { schedule: { groups, places }, memory, extents, stage, title, limits } = fused;
  const { subgroup: lanes } = limits;
  const passes = groups.flat();
  const layout = layOutSubgroup(lanes, { isLooped });
  const unitsOf = (elements: Elements) =>
    passes.map((pass) => unitOf(pass, layout, { elements, places, subgroup: lanes }));
  const touches = unitsOf(elementsInMemory(memory)).flatMap(({ traffic }) => traffic.touches);
  const residents = chooseResidents(touches, layout);
  const registers = residents
    .reduce((sum, { place }) => sum + layout.ownedBy(holderOf(place).shape).length, 0);
  if (registers > most.registers) return undefined;
  const units = unitsOf(elementsOf(residents, { layout, memory }));
  const statements = withBarriers(units, {
    isRepeated: isRepeated(stage),
    // Nothing lies in workgroup memory.
    regionOf: () => ({ from: 0, to: 0 }),
  });
  if (units.reduce((sum, { lines }) => sum + lines.length, 0) > most.statements) return undefined;
  const move = (kind: Touch["kind"], isOfStep: boolean) =>
    moveRegisters(
      residents.filter((resident) =>
        resident.isOfStep === isOfStep && (kind === "load" ? resident.isRead : resident.isWritten)
      ),
      kind,
      { layout, memory },
    );
  // What is moved may ask for more grids.
  const [before, after] = [move("load", false), move("store", false)];
  const step = [...move("load", true), ...statements, ...move("store", true)];
  const body = [
    "let k = iteration.index;",
    ...ownerSymbols(fused),
    ...layout.grids().flatMap(gridSymbols),
    ...residents.flatMap(({ name, place }) =>
      declareRegisters(layout.registersOf(name, holderOf(place).shape))
    ),
    ...before,
    ...overSteps(stage, step, extents),
    ...after,
  ];
  const turns = loopTurns(body);
  if (turns > most.turns) return undefined;
  const workgroups = extents.replicas * extents.sequences;
  const runs = stepsOfLaunch(stage, extents);
  return {
    kernel: {
      source: kernelText(body, { arenas: memory.arenas.length, lanes, title }),
      workgroups,
      traffic: {
        passes: [
          ...units.map(({ traffic }) => ({ ...traffic, owners: workgroups, runs })),
          ...residents.map((resident) => ({
            ...movedBy(resident, layout),
            owners: workgroups,
            runs: resident.isOfStep ? runs : 1,
          })),
        ],
        barriers: statements.filter((line) => line.endsWith("Barrier();")).length * runs,
        workgroupBytes: 0,
        registers: registers + Math.max(...units.map(({ lines }) => mostLive(lines))),
        turns,
      },
    },
    sharing: { lanes, ownSequences: false, subgroup: { isLooped } },
  };
}

/** What the lanes do to memory, if they touch it. */
const trafficOf = (touches: readonly Touch[], layout: SubgroupLayout): Unit["traffic"] => ({
  touches,
  lanes: layout.lanes,
  valuesOf: (lane) => new Map(layout.grids().flatMap((grid) => [...gridValues(grid, lane)])),
});

function unitOf(pass: Pass, layout: SubgroupLayout, context: EmitContext): Unit {
  const { lines, touches } = emitInSubgroup(pass, layout, context);
  const traffic = trafficOf(touches, layout);
  return {
    pass,
    lines: ["{", ...indent(lines), "}"],
    traffic,
    parts: undefined,
    words: 0,
  };
}

function movedBy({ place, isRead, isWritten }: Resident, layout: SubgroupLayout): Unit["traffic"] {
  const kinds = [...isRead ? ["load" as const] : [], ...isWritten ? ["store" as const] : []];
  const touches = kinds.flatMap((kind) =>
    layout.ownedBy(holderOf(place).shape)
      .map(({ position }): Touch => ({ place, position, kind, level: "memory", times: 1 }))
  );
  return trafficOf(touches, layout);
}

const isSymbol = (index: Position["time"], symbol: IndexSymbol): boolean =>
  !("clamped" in index) && index.symbol === symbol && index.offset === 0;

/** The places of which lanes write their own elements only, and read those that they can, at the step that is running. */
function chooseResidents(touches: readonly Touch[], layout: SubgroupLayout): Resident[] {
  const byHolder = Map.groupBy(touches, ({ place }) => holderOf(place));
  return [...byHolder.values()].flatMap((some, index) => {
    const { place } = some[0]!;
    const { shape, hasBatchAxis } = holderOf(place);
    const isOfStep = "slot" in place && (place.slot.hasTimeAxis || place.slot.hasChunkAxis);
    const suits = some.every(({ position, kind }) =>
      (kind === "load" ? layout.isReadable(shape, position) : layout.isOwn(shape, position)) &&
      (!hasBatchAxis || isSymbol(position.sequence, symbols.sequence)) &&
      (!isOfStep || isSymbol(position.time, symbols.time))
    );
    // In a loop over rows, matrices of a step would take more turns than rows do.
    if (!suits || isOfStep && layout.isLooped(shape)) return [];
    const isFirstWritten = some[0]!.kind === "store";
    const has = (kind: Touch["kind"]) => some.some((touch) => touch.kind === kind);
    return [{
      place,
      name: `${"slot" in place ? "slot" : "value"}${index}`,
      isRead: "slot" in place && has("load") && !(isOfStep && isFirstWritten),
      isWritten: "slot" in place && has("store"),
      isOfStep,
    }];
  });
}

function elementsOf(
  residents: readonly Resident[],
  { layout, memory }: { layout: SubgroupLayout; memory: Fused["memory"] },
): Elements {
  const names = new Map(residents.map(({ place, name }) => [holderOf(place), name]));
  function read(place: Place, position: Position): Element {
    const holder = holderOf(place);
    const name = names.get(holder);
    if (name === undefined) return { text: elementText(memory, place, position), level: "memory" };
    return { text: layout.elementText(name, holder.shape, position), level: "register" };
  }
  return { read, written: (place, position) => [read(place, position)] };
}
