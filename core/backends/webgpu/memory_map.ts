/** Where every slot and temporary lies on the device: arena, offset, strides. */
import { sizeOf } from "../../axes.ts";
import type { Slot } from "../../program/node.ts";
import type { Program } from "../../program/program.ts";
import type { Index } from "../../schedule/indexing.ts";
import type { Place, Temporary } from "../../schedule/pass.ts";
import { iterationSize, slotSize, stepSize } from "../layout.ts";

/** Elements `offset` .. `offset + size - 1` of an arena, all float32. */
export interface Region {
  readonly arena: number;
  readonly offset: number;
  readonly size: number;
}

export interface MemoryMap {
  /** Elements of every arena that kernels see. */
  readonly arenas: readonly number[];
  /** Elements of every arena of copies; a device does not copy within one buffer. */
  readonly shadowArenas: readonly number[];
  regionOf(slot: Slot): Region;
  /** Where a slot's values are kept while they are only borrowed (`restore`). */
  shadowOf(slot: Slot): Region;
  /** WGSL that reads or writes one element. */
  read(place: Place, index: Index): string;
  write(place: Place, index: Index, text: string): string;
  /** Bytes by what they are for. */
  readonly bill: ReadonlyMap<string, number>;
}

/**
 * @param temporaries of all stages, each with a name of its own.
 * @param arenaLimit most bytes of one arena.
 * @throws RangeError if one slot alone is larger than an arena may be.
 */
export function planMemory(
  program: Program,
  { chunk, temporaries, arenaLimit, restorable }: {
    chunk: number;
    temporaries: readonly Temporary[];
    arenaLimit: number;
    restorable: ReadonlySet<Slot>;
  },
): MemoryMap {
  const { extents } = program;
  const arenas: number[] = [];
  const shadowArenas: number[] = [];
  const bill = new Map<string, number>();

  function place(name: string, size: number, purpose: string, list = arenas): Region {
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
    // Whole vec4s, so that a row of four starts on its own boundary.
    list[arena] = offset + Math.ceil(size / 4) * 4;
    bill.set(purpose, (bill.get(purpose) ?? 0) + size * 4);
    return { arena, offset, size };
  }

  const slots = new Map<Slot, Region>();
  for (const slot of program.slots.values()) {
    slots.set(slot, place(slot.name, slotSize(slot, extents, chunk), slot.kind));
  }
  const shadows = new Map<Slot, Region>();
  for (const slot of restorable) {
    const { size } = slots.get(slot)!;
    shadows.set(slot, place(slot.name, size, "copies for evaluation", shadowArenas));
  }
  const temporary = new Map<Temporary, Region>();
  for (const each of temporaries) {
    const size = extents.replicas * (each.sequence ? extents.sequences : 1) * sizeOf(each.shape);
    temporary.set(each, place(each.name, size, "temporary"));
  }

  function address(where: Place, { own, sequence, step }: Index): string {
    const { shape, sequence: perSequence } = "slot" in where ? where.slot : where.temporary;
    const region = "slot" in where ? slots.get(where.slot)! : temporary.get(where.temporary)!;
    const terms: string[] = region.offset > 0 ? [`${region.offset}u`] : [];
    const term = (index: string, stride: number, extent: number) => {
      if (extent === 1 || index === "0") return;
      terms.push(stride === 1 ? index : `${index} * ${stride}u`);
    };
    const size = sizeOf(shape);
    if ("slot" in where) {
      const { slot } = where;
      if (slot.iteration) term("k", iterationSize(slot, extents), chunk);
      if (slot.step) term(step, stepSize(slot, extents), extents.steps);
    }
    term("r", size * (perSequence ? extents.sequences : 1), extents.replicas);
    if (perSequence) term(sequence, size, extents.sequences);
    if (shape.length === 2) term(own[0]!, shape[1], shape[0]);
    if (shape.length > 0) term(own.at(-1)!, 1, shape.at(-1)!);
    return `memory${region.arena}[${terms.join(" + ") || "0u"}]`;
  }

  return {
    arenas,
    shadowArenas,
    bill,
    regionOf: (slot) => slots.get(slot)!,
    shadowOf: (slot) => shadows.get(slot)!,
    read: address,
    write: (where, index, text) => `${address(where, index)} = ${text};`,
  };
}
