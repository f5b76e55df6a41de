import { type Shape, sizeOf } from "../axes.ts";
import type { Value } from "../program/elementwise.ts";
import { optional } from "../program/input.ts";
import { less, lessEqual, mul, neg, softplus, sub, sum, where } from "../program/language.ts";
import type { Loss } from "./loss.ts";
import * as metric from "./metric_kinds.ts";

/** The metrics of `binaryCrossEntropy`. */
export type BinaryMetric =
  | "loss"
  | "accuracy"
  | "false_positive_rate"
  | "false_negative_rate";

/**
 * Binary cross-entropy with logits, in nats: log(1 + e^z) - target z. Outputs z are scalars or vectors of
 * independent answers, and z >= 0 means "yes"; one that is not a number is a wrong answer. Of several
 * answers a step has their mean.
 *
 * Inputs: `target` (0, 1 or a probability) of the shape of the output, and the scalar `weight`, the share of
 * the step in the loss of its sequence; 1 if the task gives none. A weight of 0 leaves the step out, whatever
 * its output. With 1 / (scored steps) on scored steps the loss is their mean.
 *
 * Metrics by scored answer: `loss`, `accuracy`; `false_positive_rate` over targets 0 and
 * `false_negative_rate` over targets 1.
 *
 * @param shape of the output: `[]` or `[n]`.
 * @example
 * const loss = binaryCrossEntropyOf([8]); // eight labels
 */
export function binaryCrossEntropyOf(shape: Shape): Loss<BinaryMetric> {
  const size = sizeOf(shape);
  /** The mean over the answers of a step. */
  const average = (x: Value): Value => size === 1 ? sum(x) : mul(sum(x), 1 / size);
  return {
    name: "binary-cross-entropy",
    unit: "nats",
    // Several answers are no symbols, of which one is right.
    isClassification: shape.length === 0,
    output: shape,
    inputs: { target: shape, weight: optional([]) },
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
        loss: mul(weight!, average(nats)),
        weight: scored,
        sums: {
          loss: sum(mul(scored, nats)),
          scored: size === 1 ? scored : mul(scored, size),
          correct: sum(mul(scored, where(isPositive, yes, no))),
          positives: sum(positive),
          missed: sum(mul(positive, sub(1, yes))),
          negatives: sum(negative),
          falseAlarms: sum(mul(negative, sub(1, no))),
        },
      };
    },
    metrics: {
      loss: metric.mean("loss", { per: "scored", summary: "Mean loss of a judged step." }),
      accuracy: metric.share("correct", {
        per: "scored",
        summary: "Share of judged steps with the right answer.",
      }),
      false_positive_rate: metric.share("falseAlarms", {
        per: "negatives",
        summary: 'Share of "no" steps answered "yes".',
        better: "less",
      }),
      false_negative_rate: metric.share("missed", {
        per: "positives",
        summary: 'Share of "yes" steps answered "no".',
        better: "less",
      }),
    },
  };
}

/** Binary cross-entropy of one answer a step; see `binaryCrossEntropyOf`. The output z is scalar. */
export const binaryCrossEntropy: Loss<BinaryMetric> = binaryCrossEntropyOf([]);
