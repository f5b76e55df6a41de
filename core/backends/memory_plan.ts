/** Plans memory: the region of every slot and temporary in an arena, and the strides of its axes. */
import { type Extents, type Shape, sizeOf } from "../axes.ts";
import type { Slot } from "../program/node.ts";
import type { Program } from "../program/program.ts";
import { type Index, type Position, symbolIndex, symbols } from "../schedule/index.ts";
import type { Place, Temporary } from "../schedule/pass.ts";
import { type Arenas, createArenas, type Region, upTo } from "./arenas.ts";
import type { MemoryEstimate } from "./backend.ts";
import { iterationSize, slotSize, stepsHeld, stepSize } from "./layout.ts";

/**
 * What every thread has a copy of. A thread works on one replica or sequence after the other, and
 * overwrites its copy before it reads it.
 */
export interface PerThread {
  readonly threads: number;
  /** The extents of a thread's copy of a slot: P is 1, and B may be. */
  readonly slots: ReadonlyMap<Slot, Extents>;
  /** The extents of a thread's copies of temporaries; undefined: threads share them. */
  readonly temporaries: Extents | undefined;
  /** Whether threads work on neighbouring replicas at the same time: these are padded to cache lines. */
  readonly replicas: boolean;
}

/** One axis of a place, and the number of elements between neighbours along it. */
export interface Stride {
  readonly axis:
    | "chunk"
    | "time"
    | "segment"
    | "stepInSegment"
    | "replica"
    | "sequence"
    | "post"
    | "pre";
  readonly stride: number;
  readonly extent: number;
}

/** Whether a run leaves something in a slot: a tape is of no use after it. */
const isKept = ({ kind }: Slot): boolean => kind !== "tape";

/** Where everything that a program keeps lies. */
export interface MemoryPlan {
  /** Elements of every arena of slots and temporaries. */
  readonly arenas: readonly number[];
  /** How many of them, the first ones, hold what a run leaves for the host or the next run. */
  readonly keptArenas: number;
  /** Elements of every arena of snapshots; a GPU does not copy within one buffer. */
  readonly snapshotArenas: readonly number[];
  /** The region of a slot or temporary, with the copies of all threads. */
  regionOf(place: Place): Region;
  /** The region that keeps the values of a slot while an evaluation changes them. */
  snapshotOf(slot: Slot): Region;
  /** Axes of a place, outermost first; those of extent 1 are left out. */
  stridesOf(place: Place): readonly Stride[];
  /** Bytes by what they are for. */
  readonly estimate: MemoryEstimate;
}

/** The index of a position along every axis that a place may have. */
export function axisIndices(
  { element, sequence, time }: Position,
): Record<Stride["axis"], Index | undefined> {
  return {
    chunk: symbolIndex(symbols.chunk),
    time,
    segment: symbolIndex(symbols.segment),
    stepInSegment: symbolIndex(symbols.stepInSegment),
    replica: symbolIndex(symbols.replica),
    sequence,
    post: element[0],
    pre: element.at(-1),
  };
}

/** Regions are aligned to this many elements: the 32 bytes that a GPU fetches together. */
const ALIGNMENT = 8;
/**
 * Elements of a cache line. What a thread has of its own begins a line: two threads that write into the
 * same line take it from each other at every write (false sharing).
 */
const LINE = 16;

/** Elements that a row of a matrix, or a vector, of `length` elements takes in memory. */
export type RowSize = (length: number) => number;

/**
 * Places all slots, temporaries and snapshots of a program.
 *
 * @param temporaries those of all stages.
 * @param arenaLimit most bytes of one arena.
 * @param keptApart what a run leaves is in arenas without anything else.
 * @param rowSize default: rows lie next to each other.
 * @param snapshotSlots the slots that an evaluation changes and puts back.
 * @throws RangeError if a single slot is larger than an arena may be.
 */
export function planMemory(
  program: Program,
  {
    chunk,
    temporaries,
    arenaLimit,
    snapshotSlots,
    perThread,
    keptApart,
    rowSize = (length) => length,
  }: {
    chunk: number;
    temporaries: readonly Temporary[];
    arenaLimit: number;
    snapshotSlots: readonly Slot[];
    perThread?: PerThread | undefined;
    keptApart?: boolean | undefined;
    rowSize?: RowSize | undefined;
  },
): MemoryPlan {
  const { extents } = program;
  const stored = <Value extends { readonly shape: Shape }>(value: Value): Value => ({
    ...value,
    shape: storedShape(value.shape, rowSize),
  });
  const alignment = perThread ? LINE : ALIGNMENT;
  const estimate = new Map<string, number>();
  const arenas = createArenas({ limit: arenaLimit, alignment, estimate });
  const snapshotArenas = createArenas({ limit: arenaLimit, alignment, estimate });
  const slots = new Map<Slot, Region>();
  const place = (placed: readonly Slot[]) => {
    for (const slot of placed) {
      const copy = perThread?.slots.get(slot);
      slots.set(slot, placeSlot(stored(slot), { arenas, extents, chunk, copy, perThread }));
    }
  };
  const all = [...program.slots.values()];
  place(keptApart ? all.filter(isKept) : all);
  const keptArenas = arenas.sizes.length;
  if (keptApart) {
    arenas.end();
    place(all.filter((slot) => !isKept(slot)));
  }
  const snapshots = new Map(
    snapshotSlots.map((slot) => {
      const { size } = slots.get(slot)!;
      return [slot, snapshotArenas.place(slot.name, size, "copies for evaluation")] as const;
    }),
  );
  const temporaryRegions = new Map(
    temporaries.map((temporary) =>
      [temporary, placeTemporary(stored(temporary), { arenas, extents, perThread })] as const
    ),
  );
  const regionOf = (place: Place): Region =>
    "slot" in place ? slots.get(place.slot)! : temporaryRegions.get(place.temporary)!;
  return {
    arenas: arenas.sizes,
    keptArenas: keptApart ? keptArenas : arenas.sizes.length,
    snapshotArenas: snapshotArenas.sizes,
    estimate,
    regionOf,
    snapshotOf: (slot) => snapshots.get(slot)!,
    stridesOf(place) {
      const copy = "slot" in place ? perThread?.slots.get(place.slot) : perThread?.temporaries;
      const { replicaStride } = regionOf(place);
      return stridesOf(place, { extents: copy ?? extents, replicaStride, rowSize });
    },
  };
}

/** Places one copy of `size` elements per thread; each copy begins a cache line. */
function placeCopies(
  name: string,
  { size, threads, purpose }: { size: number; threads: number; purpose: string },
  arenas: Arenas,
): Region {
  const threadStride = upTo(LINE, size);
  return { ...arenas.place(name, threadStride * threads, purpose), threadStride };
}

function placeSlot(
  slot: Slot,
  { arenas, extents, chunk, copy, perThread }: {
    arenas: Arenas;
    extents: Extents;
    chunk: number;
    /** The extents of a thread's copy of the slot, if every thread has one. */
    copy: Extents | undefined;
    perThread: PerThread | undefined;
  },
): Region {
  const { name, kind, hasTimeAxis, hasChunkAxis } = slot;
  if (copy) {
    const size = slotSize(slot, copy, chunk);
    return placeCopies(name, { size, threads: perThread!.threads, purpose: kind }, arenas);
  }
  const size = slotSize(slot, extents, chunk);
  const ofReplica = size / extents.replicas;
  const replicaStride = upTo(LINE, ofReplica);
  if (!perThread?.replicas || hasTimeAxis || hasChunkAxis || replicaStride === ofReplica) {
    return arenas.place(name, size, kind);
  }
  return { ...arenas.place(name, replicaStride * extents.replicas, kind), replicaStride };
}

function placeTemporary(
  { name, shape, hasBatchAxis }: Temporary,
  { arenas, extents, perThread }: {
    arenas: Arenas;
    extents: Extents;
    perThread: PerThread | undefined;
  },
): Region {
  const copy = perThread?.temporaries;
  const { replicas, sequences } = copy ?? extents;
  const size = replicas * (hasBatchAxis ? sequences : 1) * sizeOf(shape);
  const purpose = "temporary";
  return copy
    ? placeCopies(name, { size, threads: perThread!.threads, purpose }, arenas)
    : arenas.place(name, size, purpose);
}

/** A shape with the row that its elements take in memory. */
const storedShape = (shape: Shape, rowSize: RowSize): Shape =>
  shape.length === 2
    ? [shape[0], rowSize(shape[1])]
    : shape.length === 1
    ? [rowSize(shape[0])]
    : shape;

/** What tells the steps that a slot has room for apart. */
function timeAxisOf({ room }: Slot): Stride["axis"] {
  if (room === "oneSegment") return "stepInSegment";
  return room === "eachSegment" ? "segment" : "time";
}

function stridesOf(
  place: Place,
  { extents, replicaStride, rowSize }: {
    extents: Extents;
    replicaStride: number | undefined;
    rowSize: RowSize;
  },
): Stride[] {
  const { shape, hasBatchAxis } = "slot" in place ? place.slot : place.temporary;
  const rows = storedShape(shape, rowSize);
  const size = sizeOf(rows);
  const strides: Stride[] = [];
  const add = (axis: Stride["axis"], stride: number, extent: number) => {
    if (extent !== 1) strides.push({ axis, stride, extent });
  };
  if ("slot" in place) {
    const slot = { ...place.slot, shape: rows };
    // K may be anything: the axis is never left out.
    if (slot.hasChunkAxis) add("chunk", iterationSize(slot, extents), Infinity);
    if (slot.hasTimeAxis) {
      add(timeAxisOf(slot), stepSize(slot, extents), stepsHeld(slot, extents));
    }
  }
  const ofReplica = size * (hasBatchAxis ? extents.sequences : 1);
  add("replica", replicaStride ?? ofReplica, extents.replicas);
  if (hasBatchAxis) add("sequence", size, extents.sequences);
  if (shape.length === 2) add("post", rows.at(-1)!, shape[0]);
  if (shape.length > 0) add(shape.length === 2 ? "pre" : "post", 1, shape.at(-1)!);
  return strides;
}
