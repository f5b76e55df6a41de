import { log, logSumExp, mul, neg, sub, sum, where } from "../program/language.ts";
import { defineLoss } from "./define_loss.ts";
import type { Loss } from "./loss.ts";
import * as metric from "./metric_kinds.ts";

/**
 * Softmax cross-entropy -Σ p log q against a distribution p over the symbols, in nats. The output is the
 * logits of q, [size].
 *
 * Inputs: `target`, the probabilities p [size], and the scalar `weight` of a step (default 1; 0: not judged).
 * Metrics by judged step: `loss`, and `divergence`, the loss less the entropy of p (Kullback and Leibler
 * 1951), which is 0 where q = p.
 *
 * @example
 * const loss = crossEntropyOfProbabilities(10);
 */
export const crossEntropyOfProbabilities = (size: number): Loss =>
  defineLoss({
    name: "cross-entropy-of-probabilities",
    unit: "nats",
    output: [size],
    inputs: { target: [size] },
    step({ output, targets: { target } }) {
      // What has no probability costs nothing, though its logit may be -Infinity.
      const expected = (logs: typeof output) => neg(sum(where(target, mul(target, logs), 0)));
      const loss = expected(sub(output, logSumExp(output)));
      return { loss, sums: { divergence: sub(loss, expected(log(target))) } };
    },
    metrics: {
      loss: metric.mean("loss", { per: "steps", summary: "Mean loss of a judged step." }),
      divergence: metric.mean("divergence", {
        ...{ unit: "nats", range: { low: 0 }, better: "less" },
        summary: "Kullback-Leibler divergence of the output from the target.",
      }),
    },
  });
