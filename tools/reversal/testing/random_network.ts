/** A small network of random numbers, for tests that need no training. */
import { randomStream } from "../../../mod.ts";
import type { FastLayer, FastNetwork } from "../fast_network.ts";

const SYMBOLS = 9;
const INNER = 20;

/** Two inner layers of 20 units; writes are large, so that they matter. */
export function randomNetwork(seed: number): FastNetwork {
  const random = randomStream({ seed });
  const numbers = (count: number, scale: number) =>
    Float64Array.from({ length: count }, () => scale * (2 * random.uniform() - 1));
  const layer = (name: string, post: number, pre: number): FastLayer => {
    const mask = Float64Array.from({ length: post * pre }, () => Number(random.uniform() < 0.2));
    const isReadout = name === "i2o";
    return {
      name,
      post,
      pre,
      weight: numbers(post * pre, 0.6).map((w, k) => mask[k] ? 0 : w),
      bias: numbers(post, 0.3),
      mask,
      keep: mask.map((m) => 1 - 0.1 * m),
      rate: mask.map((m) => m && !isReadout ? 3 : 0.01),
      feedback: isReadout ? undefined : numbers(SYMBOLS * post, 0.5),
    };
  };
  const layers = [
    layer("linear0", INNER, 2 * SYMBOLS),
    layer("linear1", INNER, INNER),
    layer("i2o", SYMBOLS, INNER),
  ];
  return { symbols: SYMBOLS, learningRate: 0.01, bound: 1, memory: false, layers };
}
