/** The score of the task over training, with the score of a guesser without memory. */
import type { RunFiles } from "../run_files.ts";
import { type Chart, colours } from "./chart.ts";
import { type Curve, readCurve } from "./curve.ts";
import { drawCurves, type Line } from "./draw_curves.ts";

export interface ScoreCurve {
  /** Such as "recall accuracy". */
  readonly name: string;
  readonly train?: Curve;
  readonly heldOut?: Curve;
  /** The score of a guesser without memory, in [0, 1]. */
  readonly chance?: number;
}

/** The metric that the task is about. Runs of earlier versions do not name it: it was recall. */
export const scoreOf = ({ figures }: RunFiles): string => figures.bounds.score ?? "recall_accuracy";

export function scoreCurve(files: RunFiles): ScoreCurve {
  const score = scoreOf(files);
  return {
    name: score.replaceAll("_", " "),
    train: readCurve(files.metrics, `train/${score}`, files.sweep),
    heldOut: readCurve(files.metrics, `eval/${score}`, files.sweep),
    chance: files.figures.bounds.chance,
  };
}

export function drawScoreCurve({ name, train, heldOut, chance }: ScoreCurve): Chart {
  const lines: Line[] = [];
  if (train) lines.push({ label: "training", colour: colours.train, curve: train });
  if (heldOut) lines.push({ label: "held out", colour: colours.heldOut, curve: heldOut });
  return drawCurves("score", lines, {
    yTitle: name,
    isShare: true,
    levels: chance === undefined ? [] : [{ label: "chance", value: chance }],
  });
}
