/** Norms of parameters over training, and the values of parameters that are one number. */
import type { RunFiles } from "../run_files.ts";
import { type Chart, palette } from "./chart.ts";
import { readCurve } from "./curve.ts";
import { drawCurves, type Line } from "./draw_curves.ts";

const groups = {
  norm: /^plastic\/norm\/(.+)$/,
  // What is left once the measures with fixed names are taken out.
  value: /^plastic\/(?!norm\/|variance\/|\w+_norm_\w+$|not_finite$)(.+)$/,
} as const;

/** A line for each parameter. */
export function parameterCurves({ metrics, sweep }: RunFiles, group: keyof typeof groups): Line[] {
  const keys = [...metrics.curves.keys()].filter((key) => groups[group].test(key));
  return keys.flatMap((key, index) => {
    const curve = readCurve(metrics, key, sweep);
    const label = groups[group].exec(key)![1]!;
    return curve ? [{ label, colour: palette[index % palette.length]!, curve }] : [];
  });
}

export function drawParameterCurves(
  group: keyof typeof groups,
  lines: readonly Line[],
): Chart {
  return group === "norm"
    ? drawCurves("parameter-norms", lines, { yTitle: "norm", yScale: "log" })
    : drawCurves("parameter-values", lines, { yTitle: "value" });
}
