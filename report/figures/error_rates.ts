/** False positives and false negatives over training. */
import type { RunFiles } from "../run_files.ts";
import { type Chart, colours } from "./chart.ts";
import { readCurve } from "./curve.ts";
import { drawCurves, type Line } from "./draw_curves.ts";

const kinds = [
  { key: "train/false_positive_rate", label: "false positives", colour: colours.fourth },
  { key: "train/false_negative_rate", label: "false negatives", colour: colours.third },
  { key: "eval/false_positive_rate", label: "false positives, held out", colour: colours.heldOut },
  { key: "eval/false_negative_rate", label: "false negatives, held out", colour: colours.train },
] as const;

export function errorRates({ metrics, sweep }: RunFiles): Line[] {
  return kinds.flatMap(({ key, label, colour }) => {
    const curve = readCurve(metrics, key, sweep);
    return curve ? [{ label, colour, curve }] : [];
  });
}

export const drawErrorRates = (lines: readonly Line[]): Chart =>
  drawCurves("error-rates", lines, { yTitle: "share of their kind", isShare: true });
