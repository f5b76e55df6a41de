/** How many values a slot holds on a host or device. */
import { type Extents, sizeOf } from "../axes.ts";
import type { Slot } from "../program/node.ts";
import type { Program } from "../program/program.ts";
import type { RunOptions } from "./backend.ts";

/** Values of one step of one iteration, all replicas and sequences. */
export function stepSize(slot: Slot, { replicas, sequences }: Extents): number {
  return replicas * (slot.hasBatchAxis ? sequences : 1) * sizeOf(slot.shape);
}

/** Values of one iteration. */
export function iterationSize(slot: Slot, extents: Extents): number {
  return stepSize(slot, extents) * (slot.hasTimeAxis ? extents.steps : 1);
}

/** Values in all; `chunk` is K. */
export function slotSize(slot: Slot, extents: Extents, chunk: number): number {
  return iterationSize(slot, extents) * (slot.hasChunkAxis ? chunk : 1);
}

/** Slots that outlive an iteration and make up a checkpoint. */
export function isPersistent(slot: Slot): boolean {
  return slot.kind === "parameter" || slot.kind === "constant" || slot.kind === "optimizer";
}

/** @throws ReferenceError if there is no such slot. */
export function findSlot(program: Program, name: string): Slot {
  const slot = program.slots.get(name);
  if (!slot) throw new ReferenceError(`No slot "${name}" in this program`);
  return slot;
}

/** The persistent slots that a procedure writes: what `restore` puts back. */
export function writtenSlots(program: Program, procedure: string): Slot[] {
  const written = new Set<Slot>();
  for (const stage of program.procedures.get(procedure) ?? []) {
    for (const { slot } of stage.stores) if (isPersistent(slot)) written.add(slot);
  }
  return [...written];
}

/**
 * Whether a host array fits a slot: all of it, or the first iterations of a slot that has the K axis.
 *
 * @throws RangeError, in one line, if it does not.
 */
export function checkLength(
  slot: Slot,
  length: number,
  { extents, chunk }: { extents: Extents; chunk: number },
): void {
  const [one, all] = [iterationSize(slot, extents), slotSize(slot, extents, chunk)];
  if (length === all || slot.hasChunkAxis && length > 0 && length < all && length % one === 0) {
    return;
  }
  throw new RangeError(`"${slot.name}" holds ${all} values, got ${length}`);
}

/**
 * Whether an engine can run this.
 *
 * @throws ReferenceError if there is no such procedure.
 * @throws RangeError if the iterations do not fit a chunk, or the procedure cannot be put back.
 */
export function checkRun(
  { procedures }: Program,
  procedure: string,
  { iterations, restore = false, chunk }: RunOptions & { chunk: number },
): void {
  if (!procedures.has(procedure)) {
    throw new ReferenceError(`No procedure "${procedure}" in this program`);
  }
  if (!(iterations >= 1 && iterations <= chunk)) {
    throw new RangeError(`Expected 1 to ${chunk} iterations a run, got ${iterations}`);
  }
  // Room for copies is made for evaluations alone.
  if (restore && procedure !== "evaluate") {
    throw new RangeError(`Only "evaluate" can be put back, not "${procedure}"`);
  }
}
