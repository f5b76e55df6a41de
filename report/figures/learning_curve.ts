/** Loss over training, with the best possible loss of the task. */
import type { RunFiles } from "../run_files.ts";
import { type Chart, colours } from "./chart.ts";
import { type Curve, readCurve } from "./curve.ts";
import { drawCurves, type Line } from "./draw_curves.ts";

export interface LearningCurve {
  readonly train?: Curve;
  readonly heldOut?: Curve;
  /** The entropy of what cannot be predicted, if the loss is one of predictions. */
  readonly bestLoss?: number;
  /** Whether the loss is in nats; otherwise it is a squared error. */
  readonly isInNats: boolean;
}

export function learningCurve({ metrics, figures, sweep }: RunFiles): LearningCurve {
  return {
    train: readCurve(metrics, "train/loss", sweep),
    heldOut: readCurve(metrics, "eval/loss", sweep),
    bestLoss: figures.bounds.best_loss,
    isInNats: !metrics.curves.has("train/error"),
  };
}

export function drawLearningCurve({ train, heldOut, bestLoss, isInNats }: LearningCurve): Chart {
  const lines: Line[] = [];
  if (train) lines.push({ label: "training", colour: colours.train, curve: train });
  if (heldOut) lines.push({ label: "held out", colour: colours.heldOut, curve: heldOut });
  return drawCurves("loss", lines, {
    yTitle: isInNats ? "loss (nats)" : "loss",
    levels: bestLoss === undefined ? [] : [{ label: "best possible", value: bestLoss }],
  });
}
