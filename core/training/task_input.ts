/** What a task gives for an input slot of a program. */
import { sizeOf } from "../axes.ts";
import type { Slot } from "../program/node.ts";
import { describeInput } from "../program/input.ts";
import type { Sequence, Task } from "./task.ts";

/** The name of a slot's input in the task. */
export const givenName = ({ name, given = name }: Slot): string => given;

/**
 * The values of an input slot in a sequence, [T, ...shape], or [...shape] of a fixed input. One that the task
 * does not make is the same number up to the end of the sequence.
 */
export function inputValues(
  sequence: Sequence,
  slot: Slot,
  { inputs, steps }: Pick<Task, "inputs" | "steps">,
): Float32Array {
  const { missing } = slot;
  const name = givenName(slot);
  if (missing === undefined || Object.hasOwn(inputs, name)) return sequence[name]!;
  const count = slot.hasTimeAxis ? lengthOf(sequence, { inputs, steps }) : 1;
  return new Float32Array(count * sizeOf(slot.shape)).fill(missing);
}

/** Steps of a sequence, as its per-step inputs tell. */
function lengthOf(sequence: Sequence, { inputs, steps }: Pick<Task, "inputs" | "steps">): number {
  for (const [name, declaration] of Object.entries(inputs)) {
    const { shape, perStep } = describeInput(declaration);
    if (perStep && sequence[name]) return sequence[name].length / sizeOf(shape);
  }
  return steps;
}
