/** Counts of updates in checkpoints of versions that stored each in one float32. */
import { missingCounts } from "../core/program/counter.ts";
import type { Program } from "../core/program/program.ts";
import type { Tensor } from "./files/tensor.ts";

/** The tensors with both parts of every count: one float32 may have stopped, the iteration has not. */
export function withCounters(
  { tensors, iteration }: { tensors: ReadonlyMap<string, Tensor>; iteration: number },
  { slots, extents: { replicas } }: Program,
): ReadonlyMap<string, Tensor> {
  const counts = [...missingCounts(slots.keys(), tensors, iteration)];
  const [first] = counts;
  if (!first) return tensors;
  const { dtype } = tensors.get(first[0])!;
  const data = (count: number) =>
    (dtype === "F64" ? new Float64Array(replicas) : new Float32Array(replicas)).fill(count);
  return new Map([
    ...tensors,
    ...counts.map(([name, count]): [string, Tensor] => [
      name,
      { dtype, shape: [replicas], data: data(count) },
    ]),
  ]);
}
