/**
 * How the key of a write can be read. A write of v under k, read with x, gives v (k · x): the value, and one
 * number of the key. On a random mask every unit i sums over inputs of its own,
 *
 *   a_i = v_i Σ_j mask_ij k_j x_j,
 *
 * so a is a random projection of k ∘ x, which tells more of the key. The bound on weights does the same
 * in part: it makes signs of large products.
 *
 * The asked symbol is in the key of the write of the step that showed it as the previous symbol. For texts that
 * differ in this symbol alone, *outside* is the share of the differences of `a` that is not along the mean value v.
 */
import type { FastNetwork } from "./fast_network.ts";
import type { Pair } from "./evidence.ts";
import { dot, meanVector } from "./linear_algebra.ts";
import { layerError, weightsAfter } from "./replay.ts";

/** How the write of a step is made and kept. */
export type Form = { readonly masked: boolean; readonly bounded: boolean } | "in the network";

/** The four forms of a write alone, and what is left of it in the network. */
export const FORMS: Readonly<Record<string, Form>> = {
  "dense, no bound": { masked: false, bounded: false },
  "dense, bounded": { masked: false, bounded: true },
  "masked, no bound": { masked: true, bounded: false },
  "masked, bounded": { masked: true, bounded: true },
  "as found at recall": "in the network",
};

const LAYER = 1;

/** What the write of step `from` adds to the sums of the second layer at the recall step, [post]. */
function read(
  network: FastNetwork,
  { steps, at }: Pair,
  { from, form }: { from: number; form: Form },
): Float64Array {
  const layer = network.layers[LAYER]!, { post, pre, mask } = layer;
  const x = steps[at]!.inputs[LAYER]!, key = steps[from]!.inputs[LAYER]!;
  const value = layerError(layer, steps[from]!.error);
  const plastic = Math.max(...layer.rate);
  const sums = new Float64Array(post);
  if (form === "in the network") {
    const [all, without] = [undefined, from].map((left) =>
      weightsAfter(network, steps, at, (write, step) => step === left ? undefined : write)
        .weights[LAYER]!
    );
    sums.forEach((_, i) => {
      for (let j = 0; j < pre; j++) {
        sums[i]! += (all![i * pre + j]! - without![i * pre + j]!) * x[j]!;
      }
    });
    return sums;
  }
  sums.forEach((_, i) => {
    for (let j = 0; j < pre; j++) {
      if (form.masked && !mask[i * pre + j]) continue;
      const write = -plastic * value[i]! * key[j]!;
      const bound = form.bounded ? network.bound : Infinity;
      sums[i]! += Math.min(bound, Math.max(-bound, write)) * x[j]!;
    }
  });
  return sums;
}

/** Reads of texts that differ in the asked symbol alone, and the mean value of the write. */
interface Group {
  /** Less their mean, [texts][post]. */
  readonly reads: readonly Float64Array[];
  readonly asked: readonly number[];
  readonly value: Float64Array;
}

/** What a network reads of the write of step `from`, by group. */
function groupsOf(
  network: FastNetwork,
  pairs: readonly Pair[],
  { from, form }: { from: number; form: Form },
): Group[] {
  const layer = network.layers[LAYER]!;
  const groups = Map.groupBy(
    pairs,
    ({ steps, asked }) => steps.map(({ symbol }) => symbol === asked ? "asked" : symbol).join(),
  );
  return [...groups.values()].map((group) => ({
    reads: centred(group.map((pair) => read(network, pair, { from, form }))),
    asked: group.map(({ asked }) => asked),
    value: meanVector(group.map(({ steps }) => layerError(layer, steps[from]!.error))),
  }));
}

const squared = (vectors: readonly Float64Array[]) =>
  vectors.reduce((sum, vector) => sum + dot(vector, vector), 0);

/** How the asked symbol shows in what is read. */
export interface KeyRead {
  /** The share of the differences that is not along the value. */
  readonly outside: number;
  /** The share that is the same in all groups: what a linear readout can use whatever the other symbols are. */
  readonly consistent: number;
}

/**
 * How the key of a write is read.
 *
 * @param pairs of texts of one lag.
 * @param write.from the step whose write is read.
 */
export function keyRead(
  network: FastNetwork,
  pairs: readonly Pair[],
  write: { from: number; form: Form },
): KeyRead {
  const groups = groupsOf(network, pairs, write);
  const all = groups.reduce((sum, { reads }) => sum + squared(reads), 0);
  const along = groups.flatMap(({ reads, value }) =>
    reads.map((one) => dot(one, value) ** 2 / dot(value, value))
  ).reduce((sum, x) => sum + x, 0);
  const singles = groups.flatMap(({ reads, asked }) =>
    reads.map((one, i) => ({ one, asked: asked[i]! }))
  );
  const bySymbol = [...Map.groupBy(singles, ({ asked }) => asked).values()];
  const consistent = bySymbol.reduce((sum, same) => {
    const middle = meanVector(same.map(({ one }) => one));
    return sum + same.length * dot(middle, middle);
  }, 0);
  return { outside: 1 - along / all, consistent: consistent / all };
}

function centred(vectors: readonly Float64Array[]): Float64Array[] {
  const middle = meanVector(vectors);
  return vectors.map((vector) => vector.map((x, i) => x - middle[i]!));
}
