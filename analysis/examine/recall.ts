/** How well patterns are recalled at the end of sequences. */
import { wilsonInterval } from "../../core/numerics/statistics.ts";
import type { Proportion, Recall } from "./examination.ts";
import { dot, type Numbers } from "./matrices.ts";
import type { PassResult } from "./networks.ts";

/** A share with its 95 % Wilson interval. */
export const proportion = (count: number, of: number): Proportion => ({
  count,
  of,
  share: of === 0 ? null : count / of,
  ...wilsonInterval(count, of),
});

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** +1 or -1 of each neuron; 0 where it is silent. */
export const signsOf = (values: Numbers): Int8Array => Int8Array.from(values, Math.sign);

/** The tries of one replica in a pass: pattern and last state [N] of each sequence. */
export function* triesOf(
  { memory, h }: Pick<PassResult, "memory" | "h">,
  { replica, replicas, sequences }: { replica: number; replicas: number; sequences: number },
): Generator<{ index: number; memory: Numbers; h: Numbers }> {
  const neurons = h.length / (replicas * sequences);
  for (let index = 0; index < sequences; index++) {
    const start = (replica * sequences + index) * neurons;
    yield {
      index,
      memory: memory.subarray(start, start + neurons),
      h: h.subarray(start, start + neurons),
    };
  }
}

/** The recall of one replica in a pass. */
export function recallOf(
  pass: Pick<PassResult, "memory" | "h">,
  place: { replica: number; replicas: number; sequences: number },
): Recall {
  let [exact, inverse] = [0, 0];
  const overlaps: number[] = [];
  for (const { memory, h } of triesOf(pass, place)) {
    const signs = signsOf(h);
    const agreement = dot(memory, signs);
    if (agreement === h.length) exact++;
    if (agreement === -h.length) inverse++;
    overlaps.push(dot(memory, h) / h.length);
  }
  return {
    exact: proportion(exact, place.sequences),
    inverse: proportion(inverse, place.sequences),
    overlap: mean(overlaps),
    absolute_overlap: mean(overlaps.map(Math.abs)),
  };
}
