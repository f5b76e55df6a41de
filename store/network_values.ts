/** Weights of one network from a file, ready for a program of one replica and one sequence. */
import type { Values } from "../core/backends/backend.ts";
import { isPersistent, iterationSize } from "../core/backends/layout.ts";
import { judgedSlot } from "../core/program/average_slot.ts";
import type { Program } from "../core/program/program.ts";
import { UsageError } from "../config/usage_error.ts";
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
    const data = tensors.get(judgedSlot(tensors, slot.name))?.data;
    const isNumeric = data instanceof Float32Array || data instanceof Float64Array;
    const size = iterationSize(slot, program.extents);
    const copies = isNumeric ? data.length / (replicas * size) : 0;
    if (!isNumeric || copies < 1 || !Number.isInteger(slot.hasBatchAxis ? copies : 1 / copies)) {
      throw new UsageError(`${path}: does not hold "${slot.name}" of the network in config.json`);
    }
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
