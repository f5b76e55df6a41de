/** Where every slot and temporary lies: arenas of float32, offsets and strides. */
import { type Extents, sizeOf } from "../axes.ts";
import type { Slot } from "../program/node.ts";
import type { Program } from "../program/program.ts";
import type { Place, Temporary } from "../schedule/pass.ts";
import type { MemoryEstimate } from "./backend.ts";
import { iterationSize, slotSize, stepSize } from "./layout.ts";

/** Elements `offset` .. `offset + size - 1` of an arena, all float32. */
export interface Region {
  readonly arena: number;
  readonly offset: number;
  readonly size: number;
  /**
   * Elements from one thread's copy to the next, if every thread has its own: values of the replica
   * or sequence it works on.
   */
  readonly threadStride?: number;
  /** Elements from one replica to the next, if that is more than a replica has. */
  readonly replicaStride?: number;
}

/** What a thread overwrites from replica to replica, or sequence to sequence, before it reads it. */
export interface PerThread {
  readonly threads: number;
  /** The extents of a thread's copy: P, and maybe B, are 1. */
  readonly slots: ReadonlyMap<Slot, Extents>;
  readonly temporaries: Extents | undefined;
  /** Whether threads work on replicas next to each other at the same time. */
  readonly replicas: boolean;
}

/** One axis of a place: how far apart neighbours along it are, in elements. */
export interface Stride {
  readonly axis: "chunk" | "time" | "replica" | "sequence" | "post" | "pre";
  readonly stride: number;
  readonly extent: number;
}

export interface MemoryPlan {
  /** Elements of every arena that programs work on. */
  readonly arenas: readonly number[];
  /** Elements of every arena of copies; a GPU does not copy within one buffer. */
  readonly snapshotArenas: readonly number[];
  regionOf(place: Place): Region;
  /** Where a slot's values are kept while they are only snapshotSlots (`restore`). */
  snapshotOf(slot: Slot): Region;
  /** Axes of a place, outermost first; those of extent 1 are left out. */
  stridesOf(place: Place): readonly Stride[];
  readonly estimate: MemoryEstimate;
}

/** Elements to which every region is aligned: whole SIMD vectors of four. */
const ALIGNMENT = 4;
/**
 * Elements of a cache line. Two threads that write into one line take it from each other at every
 * write: what a thread has of its own begins a line.
 */
const LINE = 16;
const upTo = (multiple: number, size: number): number => Math.ceil(size / multiple) * multiple;

/**
 * @param temporaries of all stages.
 * @param arenaLimit most bytes of one arena.
 * @throws RangeError if one slot alone is larger than an arena may be.
 */
export function planMemory(
  program: Program,
  { chunk, temporaries, arenaLimit, snapshotSlots, perThread }: {
    chunk: number;
    temporaries: readonly Temporary[];
    arenaLimit: number;
    snapshotSlots: ReadonlySet<Slot>;
    perThread?: PerThread;
  },
): MemoryPlan {
  const { extents } = program;
  const alignment = perThread ? LINE : ALIGNMENT;
  const arenas: number[] = [];
  const shadowArenas: number[] = [];
  const estimate = new Map<string, number>();

  function place(
    name: string,
    size: number,
    { purpose, list }: { purpose: string; list: number[] },
  ): Region {
    if (size * 4 > arenaLimit) {
      throw new RangeError(
        `"${name}" takes ${
          size * 4
        } bytes, more than the ${arenaLimit} that one binding of this device holds`,
      );
    }
    if (list.length === 0 || (list.at(-1)! + size) * 4 > arenaLimit) list.push(0);
    const arena = list.length - 1;
    const offset = list[arena]!;
    list[arena] = offset + upTo(alignment, size);
    estimate.set(purpose, (estimate.get(purpose) ?? 0) + size * 4);
    return { arena, offset, size };
  }

  /** A place of which every thread has a copy of `size`. */
  function placeCopies(name: string, size: number, purpose: string): Region {
    const threadStride = upTo(LINE, size);
    const all = place(name, threadStride * perThread!.threads, { purpose, list: arenas });
    return { ...all, threadStride };
  }

  function placeSlot(slot: Slot): Region {
    const { name, kind, hasTimeAxis, hasChunkAxis } = slot;
    const own = perThread?.slots.get(slot);
    if (own) return placeCopies(name, slotSize(slot, own, chunk), kind);
    const size = slotSize(slot, extents, chunk);
    const ofReplica = size / extents.replicas;
    const replicaStride = upTo(LINE, ofReplica);
    if (!perThread?.replicas || hasTimeAxis || hasChunkAxis || replicaStride === ofReplica) {
      return place(name, size, { purpose: kind, list: arenas });
    }
    const apart = replicaStride * extents.replicas;
    return { ...place(name, apart, { purpose: kind, list: arenas }), replicaStride };
  }

  const slots = new Map<Slot, Region>();
  for (const slot of program.slots.values()) slots.set(slot, placeSlot(slot));
  const snapshots = new Map<Slot, Region>();
  for (const slot of snapshotSlots) {
    const { size } = slots.get(slot)!;
    snapshots.set(
      slot,
      place(slot.name, size, { purpose: "copies for evaluation", list: shadowArenas }),
    );
  }
  const regions = new Map<Temporary, Region>();
  for (const each of temporaries) {
    const { replicas, sequences } = perThread?.temporaries ?? extents;
    const size = replicas * (each.hasBatchAxis ? sequences : 1) * sizeOf(each.shape);
    regions.set(
      each,
      perThread?.temporaries
        ? placeCopies(each.name, size, "temporary")
        : place(each.name, size, { purpose: "temporary", list: arenas }),
    );
  }

  return {
    arenas,
    snapshotArenas: shadowArenas,
    estimate,
    regionOf: (place) => "slot" in place ? slots.get(place.slot)! : regions.get(place.temporary)!,
    snapshotOf: (slot) => snapshots.get(slot)!,
    stridesOf: (place) => {
      const own = "slot" in place ? perThread?.slots.get(place.slot) : perThread?.temporaries;
      const replicaStride = "slot" in place ? slots.get(place.slot)!.replicaStride : undefined;
      return stridesOf(place, { extents: own ?? extents, replicaStride });
    },
  };
}

function stridesOf(
  place: Place,
  { extents, replicaStride }: { extents: Extents; replicaStride: number | undefined },
): Stride[] {
  const { shape, hasBatchAxis } = "slot" in place ? place.slot : place.temporary;
  const size = sizeOf(shape);
  const strides: Stride[] = [];
  const add = (axis: Stride["axis"], stride: number, extent: number) => {
    if (extent !== 1) strides.push({ axis, stride, extent });
  };
  if ("slot" in place) {
    const { slot } = place;
    // K is not known here, and never 1 for sure.
    if (slot.hasChunkAxis) add("chunk", iterationSize(slot, extents), Infinity);
    if (slot.hasTimeAxis) add("time", stepSize(slot, extents), extents.steps);
  }
  const ofReplica = size * (hasBatchAxis ? extents.sequences : 1);
  add("replica", replicaStride ?? ofReplica, extents.replicas);
  if (hasBatchAxis) add("sequence", size, extents.sequences);
  if (shape.length === 2) add("post", shape[1], shape[0]);
  if (shape.length > 0) add(shape.length === 2 ? "pre" : "post", 1, shape.at(-1)!);
  return strides;
}
