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
  /** Share of its output direction inside the span of the feedback's rows, along which all updates are. */
  readonly inFeedback: number;
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
        inFeedback: layer.feedback ? shareInside(left, layer.feedback) : 1,
        withError: Math.abs(cosine(left, layerError(layer, error))),
      };
    }),
    logits: Math.sqrt(squares.reduce((sum, x) => sum + x, 0) / squares.length),
  };
}

/** The share of a vector's squared length inside the span of some rows. */
function shareInside(vector: Float64Array, rows: Float64Array): number {
  const basis: Float64Array[] = [];
  for (let at = 0; at < rows.length; at += vector.length) {
    let row = rows.slice(at, at + vector.length);
    for (const one of basis) {
      const along = dot(row, one);
      row = row.map((x, i) => x - along * one[i]!);
    }
    const norm = Math.sqrt(dot(row, row));
    basis.push(row.map((x) => x / norm));
  }
  return basis.reduce((sum, one) => sum + dot(vector, one) ** 2, 0) / dot(vector, vector);
}
