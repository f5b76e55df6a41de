/** Loss over training, with the best loss that is possible on the task. */
import type { RunFiles } from "../run_files.ts";
import { type Chart, colours } from "./chart.ts";
import { type Curve, readCurve } from "./curve.ts";
import { drawCurves, type Line } from "./draw_curves.ts";

export interface LearningCurve {
  readonly train?: Curve;
  readonly heldOut?: Curve;
  /** The entropy of what cannot be known, where the loss is one of predictions. */
  readonly bestLoss?: number;
  /** The loss is in nats; else it is a squared error. */
  readonly inNats: boolean;
}

export function learningCurve({ metrics, figures, sweep }: RunFiles): LearningCurve {
  return {
    train: readCurve(metrics, "train/loss", sweep),
    heldOut: readCurve(metrics, "eval/loss", sweep),
    bestLoss: figures.bounds.best_loss,
    inNats: !metrics.some((row) => Object.hasOwn(row, "train/error")),
  };
}

export function drawLearningCurve({ train, heldOut, bestLoss, inNats }: LearningCurve): Chart {
  const lines: Line[] = [];
  if (train) lines.push({ label: "training", colour: colours.train, curve: train });
  if (heldOut) lines.push({ label: "held out", colour: colours.heldOut, curve: heldOut });
  return drawCurves("loss", lines, {
    yTitle: inNats ? "loss (nats)" : "loss",
    levels: bestLoss === undefined ? [] : [{ label: "best possible", value: bestLoss }],
  });
}
