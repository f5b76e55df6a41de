import { LARGEST_FLOAT32 } from "../numerics/float64_functions.ts";
import type { Value } from "../program/elementwise.ts";
import { optional } from "../program/input.ts";
import {
  add,
  equal,
  exp,
  gather,
  iota,
  less,
  lessEqual,
  log,
  max,
  mul,
  oneHot,
  softplus,
  stopGradient,
  sub,
  sum,
  toFinite,
  where,
} from "../program/language.ts";
import type { Loss } from "./loss.ts";
import * as metric from "./metric_kinds.ts";

/** The metrics of `crossEntropy`. */
export type CrossEntropyMetric =
  | "loss"
  | "accuracy"
  | "recall_accuracy"
  | "last_accuracy"
  | "top2_accuracy";

/**
 * Softmax cross-entropy of one symbol a step, in nats. The output is the logits of C symbols, [C].
 *
 * Inputs, all scalar: `target` (symbol), `mask` (0 on padding, which never counts, whatever the output),
 * `recall` (1 where the target is to be recalled), `last` (1 at the last target). All but the target may be
 * left out: then every step counts, and there is no recall or last accuracy. The prediction is the first of
 * the largest logits.
 *
 * Metrics by prediction: `loss`, `accuracy`, `top2_accuracy` (the target is among the two largest
 * logits); `recall_accuracy` over recalled targets, `last_accuracy` over last ones.
 */
export const crossEntropy: Loss<CrossEntropyMetric> = {
  name: "cross-entropy",
  unit: "nats",
  isClassification: true,
  output: [undefined],
  inputs: { target: [], mask: optional([]), recall: optional([], 0), last: optional([], 0) },
  step({ output, targets: { target, mask, recall, last } }) {
    const symbols = output.shape[0]!;
    const logits = where(mask!, output, 0);
    const logit = gather(logits, target!);
    // The rank is how many symbols would be predicted before the target. "Not <=" instead of ">" lets
    // a logit that is not a number beat the target.
    const larger = sub(1, lessEqual(logits, logit));
    const tiedBefore = mul(equal(logits, logit), less(iota(logits, symbols), target!));
    const rank = sum(add(larger, tiedBefore));
    const correct = equal(rank, 0);
    const loss = mul(mask!, surprise(logits, logit, target!));
    const [recalls, lasts] = [where(mask!, recall!, 0), where(mask!, last!, 0)];
    return {
      loss,
      weight: mask!,
      sums: {
        loss,
        predictions: mask!,
        correct: mul(mask!, correct),
        top2: mul(mask!, lessEqual(rank, 1)),
        recalls,
        recalled: mul(recalls, correct),
        lasts,
        lastCorrect: mul(lasts, correct),
      },
    };
  },
  metrics: {
    loss: metric.mean("loss", { per: "predictions", summary: "Mean loss of a prediction." }),
    accuracy: metric.share("correct", {
      per: "predictions",
      summary: "Share of right predictions, over all steps.",
    }),
    recall_accuracy: metric.share("recalled", {
      per: "recalls",
      needs: ["recall"],
      summary: "Share of right predictions where the answer has to be remembered.",
    }),
    last_accuracy: metric.share("lastCorrect", {
      per: "lasts",
      needs: ["last"],
      summary: "Share of right predictions at the last target of a sequence.",
    }),
    top2_accuracy: metric.share("top2", {
      per: "predictions",
      summary: "Share of steps whose target is among the two most likely symbols.",
    }),
  },
};

/**
 * log Σ exp(x_i) - x_target, the nats of a target with this logit, as log(1 + e^z) of the log-odds z
 * against it: a probability close to 1 keeps its digits. An infinite logit has its limit; several of +infinity
 * share all of the probability, as in `softmax`.
 */
function surprise(logits: Value, logit: Value, target: Value): Value {
  const isTarget = oneHot(target, logits.shape[0]!);
  const rivals = where(isTarget, -LARGEST_FLOAT32, logits);
  const largest = stopGradient(max(rivals));
  const powers = exp(sub(toFinite(rivals), toFinite(largest)));
  const behind = where(
    equal(largest, logit),
    sub(toFinite(largest), toFinite(logit)),
    sub(largest, logit),
  );
  return softplus(add(behind, log(sum(powers))));
}
