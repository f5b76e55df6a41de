import {
  add,
  dot,
  equal,
  iota,
  less,
  lessEqual,
  logSumExp,
  mul,
  oneHot,
  sub,
  sum,
} from "../program/language.ts";
import type { Loss } from "./loss.ts";

/**
 * Softmax cross-entropy of one symbol a step, in nats; padding (mask 0) never counts.
 *
 * Inputs, all scalar: `target` (symbol), `mask`, `recall` (1 where the target is to be recalled),
 * `last` (1 at the last target). The prediction is the first of the largest logits.
 */
export const crossEntropy: Loss = {
  name: "cross-entropy",
  unit: "nats",
  isClassification: true,
  inputs: { target: [], mask: [], recall: [], last: [] },
  step({ output: logits, targets: { target, mask, recall, last } }) {
    const symbols = logits.shape[0]!;
    const own = dot(oneHot(target!, symbols), logits);
    // How many symbols would be predicted before the target. Written with "not <=", so that a
    // logit that is not a number beats the target instead of losing to it.
    const larger = sub(1, lessEqual(logits, own));
    const tiedBefore = mul(equal(logits, own), less(iota(logits, symbols), target!));
    const rank = sum(add(larger, tiedBefore));
    const correct = equal(rank, 0);
    const loss = mul(mask!, sub(logSumExp(logits), own));
    return {
      loss,
      weight: mask!,
      sums: {
        loss,
        predictions: mask!,
        correct: mul(mask!, correct),
        top2: mul(mask!, lessEqual(rank, 1)),
        recalls: recall!,
        recalled: mul(recall!, correct),
        lasts: last!,
        lastCorrect: mul(last!, correct),
      },
    };
  },
  metrics: {
    loss: ["loss", "predictions"],
    accuracy: ["correct", "predictions"],
    recall_accuracy: ["recalled", "recalls"],
    last_accuracy: ["lastCorrect", "lasts"],
    top2_accuracy: ["top2", "predictions"],
  },
};
