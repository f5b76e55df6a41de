import { abs, less, mul, slice, square, sub, sum, where } from "../program/language.ts";
import type { Value } from "../program/elementwise.ts";
import { optional } from "../program/input.ts";
import type { Loss } from "./loss.ts";
import * as metric from "./metric_kinds.ts";

/** A pattern with a summed error above this counts as one of the large errors. */
const LARGE = 10;

const metrics: Loss["metrics"] = {
  loss: metric.mean("loss", {
    per: "judged",
    summary: "Squared error of a pattern, summed over its bits; half of it by default.",
  }),
  error: metric.mean("error", {
    per: "judged",
    isNoisy: true,
    summary: "Distance between the shown pattern and the right one, summed over its bits.",
    better: "less",
  }),
  large_errors: metric.share("large", {
    per: "judged",
    summary: `Share of patterns with an error above ${LARGE}.`,
    better: "less",
  }),
  wrong_bits: metric.share("wrong", {
    per: "bits",
    summary: "Share of all bits that have the wrong sign.",
    better: "less",
  }),
  wrong_erased: metric.share("wrongErased", {
    per: "erasedBits",
    summary: "Share of the erased bits that have the wrong sign.",
    better: "less",
  }),
  erased_accuracy: metric.share("rightErased", {
    per: "erasedBits",
    summary: "Share of the erased bits that are completed right.",
  }),
};

/**
 * Half the squared error of the first `size` outputs against a pattern of bits -1 and 1. Other outputs,
 * such as a bias neuron, are not judged.
 *
 * Inputs: `target` [size], `erased` [size] (1 where the bit was not shown), `weight` (0: the step is
 * not judged, whatever the output; 1, the default: half the squared error; 2: all of it). A bit is right where the
 * output has its sign.
 *
 * Metrics by judged step: `loss`, `error` (Σ|y - target|) and `large_errors` (share of errors above
 * 10); by bit: `wrong_bits` over all of them, `wrong_erased` and `erased_accuracy` over erased ones.
 */
export function patternError(size: number): Loss {
  return {
    name: "pattern-error",
    inputs: { target: [size], erased: [size], weight: optional([]) },
    step({ output, targets: { target: pattern, erased: hidden, weight } }) {
      const judged = less(0, weight!);
      const ifJudged = (x: Value): Value => where(judged, x, 0);
      const shown = ifJudged(slice(output, 0, size));
      const [target, erased] = [ifJudged(pattern!), ifJudged(hidden!)];
      const difference = sub(shown, target);
      const loss = mul(weight!, sum(square(difference)), 0.5);
      const error = sum(abs(difference));
      // "Not right" makes an output that is not a number wrong.
      const right = less(0, mul(shown, target));
      const wrong = sub(1, right);
      return {
        loss,
        weight: judged,
        sums: {
          loss,
          judged,
          error: mul(judged, error),
          large: mul(judged, less(LARGE, error)),
          bits: mul(judged, size),
          wrong: mul(judged, sum(wrong)),
          erasedBits: sum(erased),
          wrongErased: sum(mul(erased, wrong)),
          rightErased: sum(mul(erased, right)),
        },
      };
    },
    metrics,
  };
}
