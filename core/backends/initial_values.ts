/** The values that a slot has before training. */
import { sizeOf } from "../axes.ts";
import { drawInitial } from "../program/draw_initial.ts";
import type { Program } from "../program/program.ts";
import { findSlot, iterationSize, stepsHeld } from "./layout.ts";

/**
 * First values of a slot, [T?, P, B?, ...shape]. Each replica draws them from its seed; all sequences of
 * a replica get the same ones.
 *
 * @example
 * engine.write("w", initialValues(program, "w", [1, 2])); // P = 2
 *
 * @param seeds P seeds, one per replica.
 * @throws ReferenceError if there is no such slot.
 * @throws RangeError if the number of seeds is not P.
 */
export function initialValues(
  program: Program,
  name: string,
  seeds: readonly number[],
): Float32Array {
  const { extents } = program;
  if (seeds.length !== extents.replicas) {
    throw new RangeError(
      `Expected ${extents.replicas} seeds, one per replica, got ${seeds.length}`,
    );
  }
  const slot = findSlot(program, name);
  const initializer = program.initial.get(name)!;
  const values = new Float32Array(iterationSize(slot, extents));
  const size = sizeOf(slot.shape);
  const copies = slot.hasBatchAxis ? extents.sequences : 1;
  let offset = 0;
  for (let step = 0; step < stepsHeld(slot, extents); step++) {
    for (const [replica, seed] of seeds.entries()) {
      const first = values.subarray(offset, offset + size);
      const { steps } = extents;
      drawInitial(initializer, first, { shape: slot.shape, name, seed, replica, steps, step });
      for (let copy = 1; copy < copies; copy++) values.set(first, offset + copy * size);
      offset += copies * size;
    }
  }
  return values;
}
