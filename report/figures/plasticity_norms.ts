/** Norms of weights and of their updates, for the high- and the low-plasticity group. */
import type { RunFiles } from "../run_files.ts";
import { colours } from "./chart.ts";
import { readCurve } from "./curve.ts";
import type { Line } from "./draw_curves.ts";
import type { CurvePanel } from "./panel.ts";

const groups = [
  { group: "high", label: "high plasticity", colour: colours.fourth },
  { group: "low", label: "low plasticity", colour: colours.third },
] as const;

/** Norms of one quantity: `weight`, or the `update` added to it. A group without weights has no line. */
function plasticityNorms(
  { metrics, sweep }: RunFiles,
  quantity: "weight" | "update",
): Line[] {
  const lines = groups.flatMap(({ group, label, colour }) => {
    const curve = readCurve(metrics, `plastic/${quantity}_norm_${group}`, sweep);
    const isMeasured = curve?.replicas.some((values) => values.some((value) => value !== 0));
    return curve && isMeasured ? [{ label, colour, curve }] : [];
  });
  // Where nothing is highly plastic there are no groups.
  return lines.length === 1 ? [{ ...lines[0]!, label: `${quantity}s` }] : lines;
}

export const plasticityPanel = (
  files: RunFiles,
  quantity: "weight" | "update",
): CurvePanel => ({
  id: `${quantity}-norms`,
  title: quantity === "weight" ? "Weight norms" : "Update norms",
  caption: quantity === "weight"
    ? "Norm of the fast weights, a mean over layers."
    : "Norm of the last change of the fast weights, a mean over layers.",
  lines: plasticityNorms(files, quantity),
  options: { yTitle: "norm", yScale: "log" },
});
