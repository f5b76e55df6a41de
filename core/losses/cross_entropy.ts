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
 * Softmax cross-entropy of one symbol a step, in nats. The output is the logits of C symbols, [C].
 *
 * Inputs, all scalar: `target` (symbol), `mask` (0 on padding, which never counts), `recall` (1 where
 * the target is to be recalled), `last` (1 at the last target). The prediction is the first of the
 * largest logits.
 *
 * Metrics by prediction: `loss`, `accuracy`, `top2_accuracy` (the target is among the two largest
 * logits); `recall_accuracy` over recalled targets, `last_accuracy` over last ones.
 */
export const crossEntropy: Loss = {
  name: "cross-entropy",
  unit: "nats",
  isClassification: true,
  inputs: { target: [], mask: [], recall: [], last: [] },
  step({ output: logits, targets: { target, mask, recall, last } }) {
    const symbols = logits.shape[0]!;
    const logit = dot(oneHot(target!, symbols), logits);
    // The rank is how many symbols would be predicted before the target. "Not <=" instead of ">" lets
    // a logit that is not a number beat the target.
    const larger = sub(1, lessEqual(logits, logit));
    const tiedBefore = mul(equal(logits, logit), less(iota(logits, symbols), target!));
    const rank = sum(add(larger, tiedBefore));
    const correct = equal(rank, 0);
    const loss = mul(mask!, sub(logSumExp(logits), logit));
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
  notes: {
    loss: { summary: "Mean loss of a prediction." },
    accuracy: { summary: "Share of right predictions, over all steps." },
    recall_accuracy: {
      summary: "Share of right predictions where the answer has to be remembered.",
    },
    last_accuracy: { summary: "Share of right predictions at the last target of a sequence." },
    top2_accuracy: { summary: "Share of steps whose target is among the two most likely symbols." },
  },
};
