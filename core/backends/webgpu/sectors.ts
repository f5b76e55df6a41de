/**
 * The sectors that kernels fetch. A GPU fetches sectors of 32 bytes, for 32 neighbouring lanes at a time.
 * The lanes of a good layout touch as few sectors as their distinct words fill.
 */
import { elementKey, type Index, indexKey, type Position } from "../../schedule/index.ts";
import { axisIndices, type MemoryPlan, type Stride } from "../memory_plan.ts";
import type { KernelTraffic, PassTraffic, Touch } from "./traffic.ts";

/** What the groups of 32 lanes of a kernel move between registers and the nearest cache, in one launch. */
export interface Sectors {
  readonly touched: number;
  /** If the distinct words of every access lay side by side. */
  readonly ideal: number;
}

/** Lanes that fetch together. */
export const GROUP = 32;
/** 4-byte words of a sector. */
export const SECTOR = 8;
/** Groups of lanes and turns of loops that stand for all of them. */
const [SAMPLED_GROUPS, SAMPLED_TURNS] = [8, 4];

/** The sectors of a launch of a kernel. */
export function sectorsOf({ passes }: KernelTraffic, memory: MemoryPlan): Sectors {
  let [touched, ideal] = [0, 0];
  for (const { valuesOf, ...others } of passes) {
    // Of every access the same lanes are sampled.
    const pass = { ...others, valuesOf: remembered(valuesOf) };
    const seen = new Map<string, Sectors>();
    for (const touch of pass.touches.filter(({ level }) => level === "memory")) {
      const { arena, offset } = memory.regionOf(touch.place);
      const { sequence, time } = touch.position;
      const key = [arena, offset, elementKey(touch.position), indexKey(sequence), indexKey(time)]
        .join(" ");
      const each = seen.get(key) ?? meanSectors(touch, pass, memory);
      seen.set(key, each);
      const times = touch.times * pass.runs * pass.owners * Math.ceil(pass.lanes / GROUP);
      touched += each.touched * times;
      ideal += each.ideal * times;
    }
  }
  return { touched, ideal };
}

/** The same function, which computes its value for a number once. */
function remembered<T>(valueOf: (number: number) => T): (number: number) => T {
  const known = new Map<number, T>();
  return (number) => {
    if (!known.has(number)) known.set(number, valueOf(number));
    return known.get(number)!;
  };
}

/** The mean sectors of one access of a group, over some groups and turns. */
function meanSectors(
  { place, position }: Touch,
  { lanes, valuesOf }: PassTraffic,
  memory: MemoryPlan,
): Sectors {
  const strides = memory.stridesOf(place);
  const { offset } = memory.regionOf(place);
  const groups = Math.ceil(lanes / GROUP);
  const sampled = Math.min(groups, SAMPLED_GROUPS);
  let [touched, ideal] = [0, 0];
  for (let sample = 0; sample < sampled; sample++) {
    const first = Math.floor(sample * groups / sampled) * GROUP;
    for (let turn = 0; turn < SAMPLED_TURNS; turn++) {
      const words = new Set<number>();
      for (let lane = first; lane < Math.min(first + GROUP, lanes); lane++) {
        words.add(offset + address(strides, position, { values: valuesOf(lane), turn }));
      }
      touched += new Set([...words].map((word) => Math.floor(word / SECTOR))).size;
      ideal += Math.ceil(words.size / SECTOR);
    }
  }
  const samples = sampled * SAMPLED_TURNS;
  return { touched: touched / samples, ideal: ideal / samples };
}

/** The values of the symbols of a lane; every symbol that is not among them is at `turn`. */
interface Moment {
  readonly values: ReadonlyMap<string, number>;
  readonly turn: number;
}

function address(strides: readonly Stride[], position: Position, moment: Moment): number {
  const indices = axisIndices(position);
  return strides.reduce(
    (sum, { axis, stride }) => sum + stride * valueOf(indices[axis]!, moment),
    0,
  );
}

function valueOf(index: Index, moment: Moment): number {
  if ("clamped" in index) {
    const inside = Math.min(Math.max(valueOf(index.clamped, moment), index.from), index.to);
    return inside + index.offset;
  }
  const { symbol, offset } = index;
  return offset + (symbol ? moment.values.get(symbol.name) ?? moment.turn : 0);
}
