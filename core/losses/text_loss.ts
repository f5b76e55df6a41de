/** The cross-entropy of text, in the units that texts are judged by. */
import { crossEntropy } from "./cross_entropy.ts";
import type { Loss } from "./loss.ts";
import * as metric from "./metric_kinds.ts";

/** The metrics of `textLoss`. */
export type TextMetric =
  | "loss"
  | "bits_per_character"
  | "perplexity"
  | "accuracy"
  | "top2_accuracy";

const { loss, accuracy, top2_accuracy } = crossEntropy.metrics;

/** `crossEntropy` of characters, with the loss in bits and as a perplexity too. */
export const textLoss: Loss<TextMetric> = {
  ...crossEntropy,
  metrics: {
    loss,
    bits_per_character: metric.computed(
      ["loss", "predictions"],
      (loss, predictions) => loss / predictions / Math.LN2,
      {
        unit: "bits",
        better: "less",
        range: { low: 0 },
        summary: "Mean loss of a prediction, in bits.",
      },
    ),
    perplexity: metric.computed(
      ["loss", "predictions"],
      (loss, predictions) => Math.exp(loss / predictions),
      {
        better: "less",
        range: { low: 1 },
        summary: "As unsure as among so many equally likely characters: e to the mean loss.",
      },
    ),
    accuracy,
    top2_accuracy,
  },
};
