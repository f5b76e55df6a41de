/** Recall accuracy over training, with the level of a guesser that remembers nothing. */
import type { RunFiles } from "../run_files.ts";
import { type Chart, colours } from "./chart.ts";
import { type Curve, readCurve } from "./curve.ts";
import { drawCurves, type Line } from "./draw_curves.ts";

export interface RecallCurve {
  readonly train?: Curve;
  readonly heldOut?: Curve;
  /** Recall accuracy in [0, 1] without memory. */
  readonly chance?: number;
}

export function recallCurve({ metrics, figures }: RunFiles): RecallCurve {
  return {
    train: readCurve(metrics, "train/recall_accuracy"),
    heldOut: readCurve(metrics, "eval/recall_accuracy"),
    chance: figures.bounds.chance,
  };
}

export function drawRecallCurve({ train, heldOut, chance }: RecallCurve): Chart {
  const lines: Line[] = [];
  if (train) lines.push({ label: "training", colour: colours.train, curve: train });
  if (heldOut) lines.push({ label: "held out", colour: colours.heldOut, curve: heldOut });
  return drawCurves("recall", lines, {
    yTitle: "recall accuracy",
    share: true,
    levels: chance === undefined ? [] : [{ label: "chance", value: chance }],
  });
}
