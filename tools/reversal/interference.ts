/** Rank of what is written, and how much writes overlap and last. */
import type { FastLayer, FastNetwork } from "./fast_network.ts";
import { cosine, dot, participation, spectrumOf } from "./linear_algebra.ts";
import { layerError, run, type Step, weightsAfter } from "./replay.ts";
import type { Text } from "./texts.ts";

/** What is measured of a layer, as means over texts. */
export interface LayerMemory {
  /** Singular values of the highly plastic weights after the half and the middle symbol, largest first. */
  readonly singular: readonly number[];
  /** Participation ratio of these. */
  readonly directions: number;
  /** Participation ratio of a single write. */
  readonly directionsOfWrite: number;
  /** Cosines of the keys of steps, [T][T]. */
  readonly keys: readonly (readonly number[])[];
  /** Cosines of the errors of the layer, [T][T]. */
  readonly errors: readonly (readonly number[])[];
  /** What is left of a write when step r begins: cosine with the write as it was made, [r][s], s < r. */
  readonly cosineLeft: readonly (readonly number[])[];
  /** Its norm, as a share of that when it was made, [r][s]. */
  readonly normLeft: readonly (readonly number[])[];
}

/** Entrywise mean of lists of numbers, nested or not. */
export function meanOf<T extends number | readonly unknown[]>(all: readonly T[]): T {
  const [first] = all;
  if (typeof first === "number") {
    return all.reduce((sum: number, x) => sum + (x as number), 0) / all.length as T;
  }
  return (first as readonly unknown[]).map((_, i) =>
    meanOf(all.map((one) => (one as readonly (number | readonly unknown[])[])[i]!))
  ) as unknown as T;
}

/** What a step's write contributes to the highly plastic weights when step `at` begins. */
function contribution(
  network: FastNetwork,
  steps: readonly Step[],
  { from, at, layer }: { from: number; at: number; layer: number },
): Float64Array {
  const { mask } = network.layers[layer]!;
  const all = weightsAfter(network, steps, at).weights[layer]!;
  const without = weightsAfter(
    network,
    steps,
    at,
    (write, step) => step === from ? undefined : write,
  ).weights[layer]!;
  return all.map((w, k) => mask[k]! * (w - without[k]!));
}

function measure(network: FastNetwork, layer: number, { symbols, half }: Text): LayerMemory {
  const steps = run(network, symbols);
  const form: FastLayer = network.layers[layer]!;
  const cosines = (vectors: Float64Array[]) => vectors.map((a) => vectors.map((b) => cosine(a, b)));
  const plastic = weightsAfter(network, steps, half + 1).weights[layer]!
    .map((w, k) => w * form.mask[k]!);
  const made = steps.map((_, from) => contribution(network, steps, { from, at: from + 1, layer }));
  const left = steps.map((_, at) =>
    made.slice(0, at).map((write, from) => {
      const now = contribution(network, steps, { from, at, layer });
      const norms = [now, write].map((one) => Math.sqrt(dot(one, one))) as [number, number];
      return { cosine: cosine(now, write), norm: norms[1] === 0 ? 0 : norms[0] / norms[1] };
    })
  );
  return {
    singular: [...spectrumOf(plastic, form.post).values.slice(0, 16)],
    directions: participation(plastic, form.post),
    directionsOfWrite: participation(made[half - 1]!, form.post),
    keys: cosines(steps.map(({ inputs }) => inputs[layer]!)),
    errors: cosines(steps.map(({ error }) => layerError(form, error))),
    cosineLeft: left.map((row) => row.map((one) => one.cosine)),
    normLeft: left.map((row) => row.map((one) => one.norm)),
  };
}

/** The measures of each layer. */
export function memoryOf(network: FastNetwork, texts: readonly Text[]): LayerMemory[] {
  return network.layers.map((_, layer) => {
    const all = texts.map((text) => measure(network, layer, text));
    return {
      singular: meanOf(all.map((one) => one.singular)),
      directions: meanOf(all.map((one) => one.directions)),
      directionsOfWrite: meanOf(all.map((one) => one.directionsOfWrite)),
      keys: meanOf(all.map((one) => one.keys)),
      errors: meanOf(all.map((one) => one.errors)),
      cosineLeft: meanOf(all.map((one) => one.cosineLeft)),
      normLeft: meanOf(all.map((one) => one.normLeft)),
    };
  });
}
