import { sizeOf } from "../axes.ts";
import { mul, square, sum } from "../program/language.ts";
import { defineLoss } from "./define_loss.ts";
import type { Loss } from "./loss.ts";
import * as metric from "./metric_kinds.ts";

/**
 * The mean square of a state, over its elements: with it small activities cost less than large ones. Add a
 * small share of it to the loss of a task (`scaled`, `addLosses`).
 *
 * Source: Sussillo, Churchland, Kaufman and Shenoy (2015), "A neural network that finds a naturalistic solution
 * for the production of muscle activity". Every step of a sequence
 * counts, judged or not, unless the task weighs it by an input `in_sequence`. Metrics by step: `loss`, and
 * `rms_activity`, the root of it.
 *
 * @param state name of a state of the model.
 * @example
 * const loss = addLosses({ task: crossEntropy, activity: scaled(0.01, activityPenalty("y")) });
 */
export const activityPenalty = (state: string): Loss =>
  defineLoss({
    name: "activity-penalty",
    inputs: {},
    // Steps that the task does not judge cost as much, up to the end of the sequence.
    weighedBy: "in_sequence",
    reads: { state: [state] },
    step({ state: { [state]: activity } }) {
      const { shape } = activity!;
      return {
        loss: mul(sum(square(activity!)), 1 / sizeOf(shape)),
        sums: { activity: activity! },
      };
    },
    metrics: {
      rms_activity: metric.rootMeanSquare("activity", {
        summary: `Root of the mean square of ${state}, over steps and elements.`,
      }),
    },
  });
