/** Norms of weights and of their updates, for the high- and the low-plasticity group. */
import type { RunFiles } from "../run_files.ts";
import { type Chart, colours } from "./chart.ts";
import { type Curve, readCurve } from "./curve.ts";
import { drawCurves, type Line } from "./draw_curves.ts";

export interface PlasticityNorms {
  readonly high?: Curve;
  readonly low?: Curve;
}

/** Norms of one quantity: `weight`, or the `update` added to it. */
export function plasticityNorms(
  { metrics, sweep }: RunFiles,
  quantity: "weight" | "update",
): PlasticityNorms {
  return {
    high: readCurve(metrics, `plastic/${quantity}_norm_high`, sweep),
    low: readCurve(metrics, `plastic/${quantity}_norm_low`, sweep),
  };
}

export function drawPlasticityNorms(id: string, { high, low }: PlasticityNorms): Chart {
  const lines: Line[] = [];
  if (high) lines.push({ label: "high plasticity", colour: colours.fourth, curve: high });
  if (low) lines.push({ label: "low plasticity", colour: colours.third, curve: low });
  return drawCurves(id, lines, { yTitle: "norm", yScale: "log" });
}
