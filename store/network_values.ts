/** Weights of one network from a file, ready for a program of one replica and one sequence. */
import type { Values } from "../core/backends/backend.ts";
import { isPersistent, iterationSize } from "../core/backends/layout.ts";
import { judgedSlot } from "../core/program/average_slot.ts";
import type { Program } from "../core/program/program.ts";
import { requireTensor } from "./require_tensor.ts";
import type { StoredNetwork } from "./stored_network.ts";

/**
 * First values of the persistent slots of `program`, by name, each [...shape].
 *
 * Fast weights are stored as a copy for every sequence; their value is the mean, from which a batch
 * starts. Weights with a running average have the average as their value.
 *
 * @throws UsageError if the file does not hold all of this network.
 *
 *     for (const [slot, data] of networkValues(program, network)) engine.write(slot, data);
 */
export function networkValues(
  program: Program,
  { path, tensors, index, replicas }: StoredNetwork,
): Map<string, Values> {
  const values = new Map<string, Values>();
  for (const slot of [...program.slots.values()].filter(isPersistent)) {
    const name = judgedSlot(tensors, slot.name);
    const shape = [replicas, ...slot.hasBatchAxis ? ["any"] as const : [], ...slot.shape];
    const data = requireTensor({ tensors, path }, { name, shape });
    const size = iterationSize(slot, program.extents);
    const copies = data.length / (replicas * size);
    values.set(slot.name, meanOf(data.subarray(index * copies * size), { copies, size }));
  }
  return values;
}

function meanOf(data: Values, { copies, size }: { copies: number; size: number }): Values {
  const mean = data.slice(0, size);
  if (copies === 1) return mean;
  for (let index = 0; index < size; index++) {
    let sum = 0;
    for (let copy = 0; copy < copies; copy++) sum += data[copy * size + index]!;
    mean[index] = sum / copies;
  }
  return mean;
}
