/** Where every slot and temporary lies: arenas of float32, offsets and strides. */
import { type Extents, sizeOf } from "../axes.ts";
import type { Slot } from "../program/node.ts";
import type { Program } from "../program/program.ts";
import type { Place, Temporary } from "../schedule/pass.ts";
import type { Bill } from "./backend.ts";
import { iterationSize, slotSize, stepSize } from "./layout.ts";

/** Elements `offset` .. `offset + size - 1` of an arena, all float32. */
export interface Region {
  readonly arena: number;
  readonly offset: number;
  readonly size: number;
  /**
   * Elements from one thread's copy to the next, if every thread has its own: values of the sequence
   * it works on, without the P and B axes.
   */
  readonly threadStride?: number;
}

/** One axis of a place: how far apart neighbours along it are, in elements. */
export interface Stride {
  readonly axis: "iteration" | "step" | "replica" | "sequence" | "post" | "pre";
  readonly stride: number;
  readonly extent: number;
}

export interface MemoryPlan {
  /** Elements of every arena that programs work on. */
  readonly arenas: readonly number[];
  /** Elements of every arena of copies; a GPU does not copy within one buffer. */
  readonly shadowArenas: readonly number[];
  regionOf(place: Place): Region;
  /** Where a slot's values are kept while they are only borrowed (`restore`). */
  shadowOf(slot: Slot): Region;
  /** Axes of a place, outermost first; those of extent 1 are left out. */
  stridesOf(place: Place): readonly Stride[];
  readonly bill: Bill;
}

/** Elements to which every region is aligned: whole SIMD vectors of four. */
const ALIGNMENT = 4;

/**
 * @param temporaries of all stages.
 * @param arenaLimit most bytes of one arena.
 * @param perThread slots that a thread overwrites from sequence to sequence, before it reads them.
 * @throws RangeError if one slot alone is larger than an arena may be.
 */
export function planMemory(
  program: Program,
  { chunk, temporaries, arenaLimit, restorable, perThread }: {
    chunk: number;
    temporaries: readonly Temporary[];
    arenaLimit: number;
    restorable: ReadonlySet<Slot>;
    perThread?: { readonly slots: ReadonlySet<Slot>; readonly threads: number };
  },
): MemoryPlan {
  const { extents } = program;
  const arenas: number[] = [];
  const shadowArenas: number[] = [];
  const bill = new Map<string, number>();

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
    list[arena] = offset + Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    bill.set(purpose, (bill.get(purpose) ?? 0) + size * 4);
    return { arena, offset, size };
  }

  const slots = new Map<Slot, Region>();
  for (const slot of program.slots.values()) {
    const kind = { purpose: slot.kind, list: arenas };
    if (perThread?.slots.has(slot)) {
      const threadStride = slotSize(slot, { ...extents, replicas: 1, sequences: 1 }, chunk);
      const region = place(slot.name, threadStride * perThread.threads, kind);
      slots.set(slot, { ...region, threadStride });
    } else slots.set(slot, place(slot.name, slotSize(slot, extents, chunk), kind));
  }
  const shadows = new Map<Slot, Region>();
  for (const slot of restorable) {
    const { size } = slots.get(slot)!;
    shadows.set(
      slot,
      place(slot.name, size, { purpose: "copies for evaluation", list: shadowArenas }),
    );
  }
  const regions = new Map<Temporary, Region>();
  for (const each of temporaries) {
    const size = extents.replicas * (each.sequence ? extents.sequences : 1) * sizeOf(each.shape);
    regions.set(each, place(each.name, size, { purpose: "temporary", list: arenas }));
  }

  return {
    arenas,
    shadowArenas,
    bill,
    regionOf: (place) => "slot" in place ? slots.get(place.slot)! : regions.get(place.temporary)!,
    shadowOf: (slot) => shadows.get(slot)!,
    stridesOf: (place) => {
      const own = "slot" in place && slots.get(place.slot)!.threadStride !== undefined;
      return stridesOf(place, own ? { ...extents, replicas: 1, sequences: 1 } : extents);
    },
  };
}

function stridesOf(place: Place, extents: Extents): Stride[] {
  const { shape, sequence } = "slot" in place ? place.slot : place.temporary;
  const size = sizeOf(shape);
  const strides: Stride[] = [];
  const add = (axis: Stride["axis"], stride: number, extent: number) => {
    if (extent !== 1) strides.push({ axis, stride, extent });
  };
  if ("slot" in place) {
    const { slot } = place;
    // K is not known here, and never 1 for sure.
    if (slot.iteration) add("iteration", iterationSize(slot, extents), Infinity);
    if (slot.step) add("step", stepSize(slot, extents), extents.steps);
  }
  add("replica", size * (sequence ? extents.sequences : 1), extents.replicas);
  if (sequence) add("sequence", size, extents.sequences);
  if (shape.length === 2) add("post", shape[1], shape[0]);
  if (shape.length > 0) add(shape.length === 2 ? "pre" : "post", 1, shape.at(-1)!);
  return strides;
}
