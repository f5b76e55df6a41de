/** How much each write matters for each answer: the answer without it. */
import type { FastNetwork } from "./fast_network.ts";
import { replayed, run } from "./replay.ts";
import type { Text } from "./texts.ts";

/**
 * Mean change of the log probability of the right symbol, in nats, that the write of a step makes: [layer][recall
 * step][step]; the last layer of the list stands for all together. Positive: the write helps.
 *
 * @param texts of one length of half.
 */
export function influenceOf(network: FastNetwork, texts: readonly Text[]): number[][][] {
  const recalls = texts[0]!.questions.map(({ step }) => step);
  const sums = [...network.layers, "all"].map(() => recalls.map((at) => Array<number>(at).fill(0)));
  for (const { symbols } of texts) {
    const steps = run(network, symbols);
    recalls.forEach((at, row) => {
      const target = steps[at]!.target;
      const right = Math.log(steps[at]!.probabilities[target]!);
      sums.forEach((matrix, layer) => {
        for (let from = 0; from < at; from++) {
          const without = replayed(
            network,
            steps,
            at,
            (write, step, into) =>
              step === from && (layer === into || layer === network.layers.length)
                ? undefined
                : write,
          );
          matrix[row]![from]! += (right - Math.log(without.probabilities[target]!)) / texts.length;
        }
      });
    });
  }
  return sums;
}
