/** The orders of shuffled epochs: every row once an epoch, any place of any epoch at once. */
import { randomStream, streamOf } from "../core/random.ts";

const stream = streamOf("data set/epoch");

/**
 * Makes a function that says which of `rows` rows has number `index` in a seed's training. Epoch `floor(index /
 * rows)` is a permutation drawn from the seed and the epoch alone, so it does not matter what was asked before. The
 * last order of each seed is kept: 4 bytes a row.
 */
export function createEpochOrder(rows: number): (seed: number, index: number) => number {
  const orders = new Map<number, { readonly epoch: number; readonly order: Uint32Array }>();
  return (seed, index) => {
    const epoch = Math.floor(index / rows);
    let kept = orders.get(seed);
    if (kept?.epoch !== epoch) {
      const order = Uint32Array.from({ length: rows }, (_, row) => row);
      kept = { epoch, order: randomStream({ seed, stream, step: epoch }).shuffle(order) };
      orders.set(seed, kept);
    }
    return kept.order[index % rows]!;
  };
}
