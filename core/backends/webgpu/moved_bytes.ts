/** The bytes that stages move, and those that they cannot do without. */
import type { Extents } from "../../axes.ts";
import { type Index, type IndexSymbol, symbolOf, symbols } from "../../schedule/index.ts";
import type { Place } from "../../schedule/pass.ts";
import { axisIndices, type MemoryPlan } from "../memory_plan.ts";
import type { PassTraffic, Touch } from "./traffic.ts";

/** Bytes that a stage moves in one iteration, and those that it cannot do without. */
export interface Bytes {
  /** Every array that a pass reads or writes, once each time that the pass runs. */
  readonly moved: number;
  /**
   * Every slot that the stage reads, and every one that it writes, once; at every step where slots have
   * values of every step, or where a workgroup has no room to keep them.
   */
  readonly floor: number;
}

/** Bytes that a workgroup can keep in registers: most of those of one multiprocessor. */
const ROOM = 128 * 1024;

/**
 * The bytes of a stage.
 *
 * @param launches how often every kernel is launched in one iteration.
 * @param steps how many steps the stage makes in one iteration.
 * @param owners the independent parts of the work: sequences or replicas.
 */
export function bytesOf(
  passes: readonly PassTraffic[],
  { memory, extents, launches, steps, owners }: {
    memory: MemoryPlan;
    extents: Extents;
    launches: number;
    steps: number;
    owners: number;
  },
): Bytes {
  const context = { memory, extents };
  let moved = 0;
  for (const pass of passes) {
    for (const words of wordsByPlace(pass.touches, { ...context, past: pass.past }).values()) {
      moved += 4 * words * pass.runs * launches;
    }
  }
  const slots = [...wordsByPlace(passes.flatMap(({ touches }) => touches), context)]
    .filter(([{ place }]) => "slot" in place);
  const written = new Set(slots.filter(([{ kind }]) => kind === "store").map(([{ name }]) => name));
  const kept = keptOnChip(
    slots.filter(([{ place, ofStep }]) => !hasTimeAxis(place) && !ofStep),
    owners,
  );
  let floor = 0;
  for (const [{ place, kind, name, overSteps, ofStep }, words] of slots) {
    // What a step has just written, it need not read.
    if (hasTimeAxis(place) && kind === "load" && written.has(name)) continue;
    floor += 4 * words * (overSteps || !ofStep && kept.has(name) ? 1 : steps);
  }
  return { moved, floor };
}

/** The places that fit into a workgroup for good, the smallest first. */
function keptOnChip(uses: readonly (readonly [Use, number])[], owners: number): Set<string> {
  const sizes = new Map(uses.map(([{ name }, words]) => [name, 4 * words / owners]));
  const kept = new Set<string>();
  let room = ROOM;
  for (const [name, bytes] of [...sizes].toSorted(([, a], [, b]) => a - b)) {
    room -= bytes;
    if (room >= 0) kept.add(name);
  }
  return kept;
}

const hasTimeAxis = (place: Place): boolean => "slot" in place && place.slot.hasTimeAxis;

/** A place that is read or written. */
interface Use {
  readonly place: Place;
  readonly kind: Touch["kind"];
  readonly name: string;
  /** A loop of the pass goes over its steps. */
  readonly overSteps: boolean;
  /** The rows of the step that runs, of a matrix with one for each. */
  readonly ofStep: boolean;
}

/**
 * The distinct words that touches read or write of each place, at one step.
 *
 * @param past as of `PassTraffic`: the mean over the steps is taken.
 */
function wordsByPlace(
  touches: readonly Touch[],
  { memory, extents, past }: {
    memory: MemoryPlan;
    extents: Extents;
    past?: PassTraffic["past"];
  },
): Map<Use, number> {
  const byPlace = new Map<string, Touch[]>();
  for (const touch of touches.filter(({ level }) => level === "memory")) {
    const { arena, offset } = memory.regionOf(touch.place);
    const key = `${touch.kind} ${arena} ${offset}`;
    byPlace.set(key, [...byPlace.get(key) ?? [], touch]);
  }
  return new Map([...byPlace].map(([name, [first, ...others]]) => {
    const all = [first!, ...others];
    const { place, kind } = first!;
    let words = 1;
    let [overSteps, ofStep] = [false, false];
    for (const { axis, extent } of memory.stridesOf(place)) {
      const indices = all.map(({ position }) => axisIndices(position)[axis]!);
      if (axis === "time" || axis === "segment" || axis === "stepInSegment") {
        overSteps = indices.some((index) => symbolOf(index)?.kind === "loop");
        if (overSteps) words *= extents.steps;
      } else if (indices.every((index) => symbolOf(index) === symbols.time)) ofStep = true;
      else if (past && indices.every((index) => countsAlong(index, past))) {
        words *= (extent - 1) / 2;
      } else if (axis !== "chunk") words *= distinct(indices, extent);
    }
    return [{ place, kind, name: name.slice(name.indexOf(" ")), overSteps, ofStep }, words];
  }));
}

/** Whether an index counts along an axis, maybe one of several that do. */
function countsAlong(index: Index, { name }: IndexSymbol): boolean {
  const symbol = symbolOf(index)?.name;
  return symbol === name || symbol?.endsWith(`_${name}`) === true;
}

/** How many values some indices take: those of a symbol, of all of the axis if it does not say, or the constants. */
function distinct(indices: readonly Index[], extent: number): number {
  const constants = new Set<number>();
  const counts = indices.map((index) => {
    const symbol = symbolOf(index);
    if (!symbol) constants.add(index.offset);
    return symbol ? symbol.count ?? extent : 0;
  });
  return Math.max(constants.size, ...counts);
}
