/** The number of values of a slot, and checks of what an engine is asked to do. */
import { type Extents, sizeOf } from "../axes.ts";
import { segmentsOf } from "../program/segments.ts";
import type { Slot } from "../program/node.ts";
import type { Program } from "../program/program.ts";
import type { RunOptions } from "./backend.ts";

/** Number of values of one step of one iteration: P B? size(shape). */
export function stepSize(slot: Slot, { replicas, sequences }: Extents): number {
  return replicas * (slot.hasBatchAxis ? sequences : 1) * sizeOf(slot.shape);
}

/** Number of steps that a slot has room for: T, S or T / S; without the T axis 1. */
export function stepsHeld({ hasTimeAxis, room }: Slot, extents: Extents): number {
  if (!hasTimeAxis) return 1;
  const { steps, segment = steps } = extents;
  if (room === "oneSegment") return segment;
  return room === "eachSegment" ? segmentsOf(extents) : steps;
}

/** Where the value of a step lies among those that a slot has room for. */
export function placeOfStep(
  step: number,
  { hasTimeAxis, room }: Slot,
  { steps, segment = steps }: Extents,
): number {
  if (!hasTimeAxis) return 0;
  if (room === "oneSegment") return step % segment;
  return room === "eachSegment" ? Math.floor(step / segment) : step;
}

/** Number of values of one iteration: T? P B? size(shape). */
export function iterationSize(slot: Slot, extents: Extents): number {
  return stepSize(slot, extents) * stepsHeld(slot, extents);
}

/** Number of all values of a slot: K? T? P B? size(shape); `chunk` is K. */
export function slotSize(slot: Slot, extents: Extents, chunk: number): number {
  return iterationSize(slot, extents) * (slot.hasChunkAxis ? chunk : 1);
}

/** Whether a slot outlives an iteration: these slots make up a checkpoint. */
export function isPersistent(slot: Slot): boolean {
  return slot.kind === "parameter" || slot.kind === "constant" || slot.kind === "optimizer";
}

/** The slot with a name. @throws ReferenceError if there is none. */
export function findSlot(program: Program, name: string): Slot {
  const slot = program.slots.get(name);
  if (!slot) throw new ReferenceError(`No slot "${name}" in this program`);
  return slot;
}

/** The persistent slots that a procedure writes, in order: `restore` puts these back. */
export function writtenSlots(program: Program, procedure: string): Slot[] {
  const written = new Set<Slot>();
  for (const stage of program.procedures.get(procedure) ?? []) {
    for (const { slot } of stage.stores) if (isPersistent(slot)) written.add(slot);
  }
  return [...written];
}

/**
 * Where in its slot a host array goes, as the index of the first value.
 *
 * @param step of a slot with one value a step: the step of the first iteration that is written.
 * @throws RangeError if the array does not fit, or there is no such step.
 */
export function firstWritten(
  slot: Slot,
  length: number,
  { extents, chunk, step }: { extents: Extents; chunk: number; step?: number | undefined },
): number {
  if (step === undefined) {
    checkLength(slot, length, { extents, chunk });
    return 0;
  }
  const size = stepSize(slot, extents);
  const isStep = Number.isInteger(step) && step >= 0 && step < extents.steps;
  if (slot.hasTimeAxis && isStep && length === size) {
    return placeOfStep(step, slot, extents) * size;
  }
  throw new RangeError(`"${slot.name}" holds ${size} values a step, got ${length} for ${step}`);
}

/**
 * Checks that a host array fits a slot: it has all values of the slot, or those of the first iterations
 * of a slot with the K axis.
 *
 * @throws RangeError if it does not.
 */
function checkLength(
  slot: Slot,
  length: number,
  { extents, chunk }: { extents: Extents; chunk: number },
): void {
  const size = slotSize(slot, extents, chunk);
  const isPart = slot.hasChunkAxis && length > 0 && length < size &&
    length % iterationSize(slot, extents) === 0;
  if (length === size || isPart) return;
  throw new RangeError(`"${slot.name}" holds ${size} values, got ${length}`);
}

/**
 * Checks that an engine can run a procedure.
 *
 * @throws ReferenceError if there is no such procedure.
 * @throws RangeError if the iterations do not fit a chunk, or the procedure cannot be put back.
 */
export function checkRun(
  { procedures, extents: { steps } }: Program,
  procedure: string,
  { iterations, restore = false, step = 0, chunk }: RunOptions & { chunk: number },
): void {
  if (!procedures.has(procedure)) {
    throw new ReferenceError(`No procedure "${procedure}" in this program`);
  }
  if (!(iterations >= 1 && iterations <= chunk)) {
    throw new RangeError(`Expected 1 to ${chunk} iterations a run, got ${iterations}`);
  }
  if (!(Number.isInteger(step) && step >= 0 && step < steps)) {
    throw new RangeError(`Expected a step from 0 to ${steps - 1}, got ${step}`);
  }
  // Memory for snapshots is planned for `evaluate` alone.
  if (restore && procedure !== "evaluate") {
    throw new RangeError(`Only "evaluate" can be put back, not "${procedure}"`);
  }
}
