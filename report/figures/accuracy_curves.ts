/** Accuracies beside the score: of all predictions, of the last step, and within the best two. */
import type { RunFiles } from "../run_files.ts";
import { type Chart, colours } from "./chart.ts";
import { type Curve, readCurve } from "./curve.ts";
import { drawCurves } from "./draw_curves.ts";
import { scoreOf } from "./score_curve.ts";

export interface AccuracyCurve {
  readonly label: string;
  readonly curve: Curve;
}

const kinds = [
  { key: "accuracy", label: "all steps", colour: colours.train },
  { key: "last_accuracy", label: "last step", colour: colours.heldOut },
  { key: "top2_accuracy", label: "within best two", colour: colours.third },
] as const;

/** The curves of one split that the run logged. */
export function accuracyCurves(
  files: RunFiles,
  split: "train" | "eval",
): readonly AccuracyCurve[] {
  const { metrics, sweep } = files;
  // The score has a figure of its own.
  const others = kinds.filter(({ key }) => key !== scoreOf(files));
  return others.flatMap(({ key, label }) => {
    const curve = readCurve(metrics, `${split}/${key}`, sweep);
    return curve ? [{ label, curve }] : [];
  });
}

export function drawAccuracyCurves(id: string, curves: readonly AccuracyCurve[]): Chart {
  const colour = (label: string) => kinds.find((kind) => kind.label === label)?.colour;
  const lines = curves.map((curve) => ({
    ...curve,
    colour: colour(curve.label) ?? colours.fourth,
  }));
  return drawCurves(id, lines, { yTitle: "accuracy", isShare: true });
}
