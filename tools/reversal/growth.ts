/** How slow weights grow: the largest direction of each layer, and what it is aligned with. */
import type { FastNetwork } from "./fast_network.ts";
import { cosine, dot, meanVector, spectrumOf } from "./linear_algebra.ts";
import { layerError, run } from "./replay.ts";
import type { Text } from "./texts.ts";

export interface LayerGrowth {
  /** Largest singular value of the slow weights. */
  readonly largest: number;
  /** The second. */
  readonly second: number;
  /** |cosine| of its input direction with the mean key. */
  readonly withKey: number;
  /** |cosine| of its output direction with the mean error of the layer. */
  readonly withError: number;
}

export interface Growth {
  readonly layers: readonly LayerGrowth[];
  /** Root mean square of the logits, their mean of each step taken off. */
  readonly logits: number;
}

export function growthOf(network: FastNetwork, texts: readonly Text[]): Growth {
  const steps = texts.flatMap(({ symbols }) => run(network, symbols));
  const error = meanVector(steps.map((step) => step.error));
  const squares = steps.map(({ logits }) => {
    const middle = logits.reduce((sum, x) => sum + x, 0) / logits.length;
    const centred = logits.map((x) => x - middle);
    return dot(centred, centred) / logits.length;
  });
  return {
    layers: network.layers.map((layer, index) => {
      const { values, left, right } = spectrumOf(layer.weight, layer.post);
      const key = meanVector(steps.map(({ inputs }) => inputs[index]!));
      return {
        largest: values[0]!,
        second: values[1]!,
        withKey: Math.abs(cosine(right, key)),
        withError: Math.abs(cosine(left, layerError(layer, error))),
      };
    }),
    logits: Math.sqrt(squares.reduce((sum, x) => sum + x, 0) / squares.length),
  };
}
