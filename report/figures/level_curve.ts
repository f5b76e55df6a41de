/** The highest level of the curriculum passed, over training. */
import type { RunFiles } from "../run_files.ts";
import { type Chart, colours } from "./chart.ts";
import { type Curve, readCurve } from "./curve.ts";
import { drawCurves } from "./draw_curves.ts";

export const levelCurve = ({ metrics, sweep }: RunFiles): Curve | undefined =>
  readCurve(metrics, "curriculum/passed", sweep);

export function drawLevelCurve(curve: Curve | undefined): Chart {
  const lines = curve ? [{ label: "passed", colour: colours.third, curve }] : [];
  return drawCurves("levels", lines, { yTitle: "level passed", isStepped: true });
}
