import {
  abs,
  add,
  equal,
  exp,
  less,
  lessEqual,
  log,
  mul,
  neg,
  relu,
  sub,
} from "../program/language.ts";
import type { Loss } from "./loss.ts";

/**
 * Binary cross-entropy with logits, in nats: log(1 + e^z) - target z. The output z is scalar, and z >= 0
 * means "yes".
 *
 * Inputs, all scalar: `target` (0 or 1) and `weight`, the share of the step in the loss of its sequence.
 * A weight of 0 leaves the step out. With 1 / (scored steps) on scored steps the loss is their mean.
 *
 * Metrics by scored step: `loss`, `accuracy`; `false_positive_rate` over targets 0 and
 * `false_negative_rate` over targets 1.
 */
export const binaryCrossEntropy: Loss = {
  name: "binary-cross-entropy",
  unit: "nats",
  isClassification: true,
  inputs: { target: [], weight: [] },
  step({ output: logit, targets: { target, weight } }) {
    // log(1 + e^z) = max(z, 0) + log(1 + e^-|z|): nothing overflows.
    const softplus = add(relu(logit), log(add(1, exp(neg(abs(logit))))));
    const nats = sub(softplus, mul(target!, logit));
    const scored = less(0, weight!);
    const yes = lessEqual(0, logit);
    const positive = mul(scored, target!);
    return {
      loss: mul(weight!, nats),
      weight: scored,
      sums: {
        loss: mul(scored, nats),
        scored,
        correct: mul(scored, equal(yes, target!)),
        positives: positive,
        missed: mul(positive, sub(1, yes)),
        negatives: sub(scored, positive),
        falseAlarms: mul(sub(scored, positive), yes),
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
