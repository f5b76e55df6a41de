/** Losses of outputs that are to equal their targets. */
import { type Shape, sizeOf } from "../axes.ts";
import type { Value } from "../program/elementwise.ts";
import { abs, huber, mul, square, sub, sum } from "../program/language.ts";
import { defineLoss } from "./define_loss.ts";
import type { Loss } from "./loss.ts";
import * as metric from "./metric_kinds.ts";

/** The metrics of a regression. */
export type RegressionMetric = "loss" | "rms_error" | "absolute_error" | "correlation";

/** What is known of the targets. */
export interface RegressionOptions {
  /** Their unit, such as "mV"; default: none. */
  readonly unit?: string;
}

/**
 * The mean of (output - target)² over the elements of the output.
 *
 * Inputs: `target` of the shape of the output, and the scalar `weight` of a step (default 1; 0: not judged).
 * Metrics by judged step and element: `loss`, `rms_error`, `absolute_error`, and Pearson's `correlation` of
 * outputs and targets.
 *
 * @param shape of the output: `[]` or `[n]`.
 * @example
 * const loss = squaredError([2], { unit: "mV" }); // loss in mV²
 */
export const squaredError = (
  shape: Shape = [],
  { unit }: RegressionOptions = {},
): Loss<RegressionMetric> =>
  regression("squared-error", shape, {
    penalty: square,
    summary: "Mean squared error of a judged step.",
    ...unit === undefined ? {} : { unit, lossUnit: `${unit}²` },
  });

/**
 * The mean of |output - target| over the elements of the output. Inputs and metrics are those of
 * `squaredError`.
 *
 * @param shape of the output: `[]` or `[n]`.
 * @example
 * const loss = meanAbsoluteError();
 */
export const meanAbsoluteError = (
  shape: Shape = [],
  { unit }: RegressionOptions = {},
): Loss<RegressionMetric> =>
  regression("absolute-error", shape, {
    penalty: abs,
    summary: "Mean absolute error of a judged step.",
    ...unit === undefined ? {} : { unit, lossUnit: unit },
  });

/**
 * The mean of e² / 2 where |e| <= delta, and of delta (|e| - delta / 2) beyond, for the errors e of the
 * elements of the output. Inputs and metrics are those of `squaredError`.
 *
 * Source: P. J. Huber (1964), "Robust estimation of a location parameter".
 *
 * @param shape of the output: `[]` or `[n]`.
 * @param options.delta in the unit of the targets; default: 1.
 * @throws RangeError, when a program is built, if delta is not positive.
 * @example
 * const loss = huberLoss([], { delta: 0.5 });
 */
export const huberLoss = (
  shape: Shape = [],
  { delta = 1, unit }: RegressionOptions & {
    /** The largest error that counts by its square. */
    readonly delta?: number;
  } = {},
): Loss<RegressionMetric> =>
  regression("huber", shape, {
    penalty: (error) => huber(error, delta),
    summary: "Mean Huber loss of a judged step.",
    ...unit === undefined ? {} : { unit, lossUnit: `${unit}²` },
  });

function regression(
  name: string,
  shape: Shape,
  { penalty, summary, unit, lossUnit }: {
    /** Of the errors, element by element. */
    penalty: (error: Value) => Value;
    summary: string;
    unit?: string;
    lossUnit?: string;
  },
): Loss<RegressionMetric> {
  const facts = unit === undefined ? {} : { unit };
  return defineLoss({
    ...{ name, output: shape, inputs: { target: shape } },
    ...lossUnit === undefined ? {} : { unit: lossUnit },
    step({ output, targets: { target } }) {
      const error = sub(output, target);
      const total = sum(penalty(error));
      const loss = shape.length === 0 ? total : mul(total, 1 / sizeOf(shape));
      return { loss, sums: { output, target, error, size: abs(error) } };
    },
    metrics: {
      loss: metric.mean("loss", { per: "steps", summary }),
      rms_error: metric.rootMeanSquare("error", {
        ...facts,
        better: "less",
        summary: "Root of the mean square of output minus target.",
      }),
      absolute_error: metric.mean("size", {
        ...facts,
        range: { low: 0 },
        better: "less",
        summary: "Mean distance of output and target.",
      }),
      correlation: metric.correlation("output", "target", {
        summary: "Pearson's correlation of outputs and targets.",
      }),
    },
  });
}
