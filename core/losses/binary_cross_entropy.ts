import { less, lessEqual, mul, neg, softplus, sub, where } from "../program/language.ts";
import type { Loss } from "./loss.ts";

/** The metrics of `binaryCrossEntropy`. */
export type BinaryMetric =
  | "loss"
  | "accuracy"
  | "false_positive_rate"
  | "false_negative_rate";

/**
 * Binary cross-entropy with logits, in nats: log(1 + e^z) - target z. The output z is scalar, and z >= 0
 * means "yes"; one that is not a number is a wrong answer.
 *
 * Inputs, all scalar: `target` (0 or 1) and `weight`, the share of the step in the loss of its sequence.
 * A weight of 0 leaves the step out, whatever its output. With 1 / (scored steps) on scored steps the loss
 * is their mean.
 *
 * Metrics by scored step: `loss`, `accuracy`; `false_positive_rate` over targets 0 and
 * `false_negative_rate` over targets 1.
 */
export const binaryCrossEntropy: Loss<BinaryMetric> = {
  name: "binary-cross-entropy",
  unit: "nats",
  isClassification: true,
  inputs: { target: [], weight: [] },
  step({ output, targets: { target: given, weight } }) {
    const scored = less(0, weight!);
    const [logit, target] = [where(scored, output, 0), where(scored, given!, 0)];
    // log(1 + e^z) - z = log(1 + e^-z): with the sign of the likelier answer nothing cancels.
    const isPositive = less(0.5, target);
    const signed = where(isPositive, neg(logit), logit);
    const doubt = where(isPositive, sub(1, target), target);
    const nats = sub(softplus(signed), where(doubt, mul(doubt, signed), 0));
    const [yes, no] = [lessEqual(0, logit), less(logit, 0)];
    const positive = mul(scored, target);
    const negative = sub(scored, positive);
    return {
      loss: mul(weight!, nats),
      weight: scored,
      sums: {
        loss: mul(scored, nats),
        scored,
        correct: mul(scored, where(isPositive, yes, no)),
        positives: positive,
        missed: mul(positive, sub(1, yes)),
        negatives: negative,
        falseAlarms: mul(negative, sub(1, no)),
      },
    };
  },
  metrics: {
    loss: ["loss", "scored"],
    accuracy: ["correct", "scored"],
    false_positive_rate: ["falseAlarms", "negatives"],
    false_negative_rate: ["missed", "positives"],
  },
  notes: {
    loss: { summary: "Mean loss of a judged step." },
    accuracy: { summary: "Share of judged steps with the right answer." },
    false_positive_rate: { summary: 'Share of "no" steps answered "yes".', better: "less" },
    false_negative_rate: { summary: 'Share of "yes" steps answered "no".', better: "less" },
  },
};
