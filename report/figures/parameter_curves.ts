/** Norms of parameters and of the gradient over training, and the values of parameters that are one number. */
import { plain } from "../plain_text.ts";
import type { RunFiles } from "../run_files.ts";
import { colours, palette } from "./chart.ts";
import { readCurve } from "./curve.ts";
import type { Line } from "./draw_curves.ts";
import type { CurvePanel } from "./panel.ts";

const groups = {
  norm: /^plastic\/norm\/(.+)$/,
  // What is left once the measures with fixed names are taken out.
  value: /^plastic\/(?!norm\/|variance\/|\w+_norm_\w+$|(?:fast_)?gradient_norm$|not_finite$)(.+)$/,
} as const;

/** A line for each parameter. */
function parameterCurves({ metrics, sweep }: RunFiles, group: keyof typeof groups): Line[] {
  const keys = [...metrics.curves.keys()].filter((key) => groups[group].test(key));
  return keys.flatMap((key, index) => {
    const curve = readCurve(metrics, key, sweep);
    const label = plain(groups[group].exec(key)![1]!);
    return curve ? [{ label, colour: palette[index % palette.length]!, curve }] : [];
  });
}

export const normPanel = (files: RunFiles): CurvePanel => ({
  id: "parameter-norms",
  title: "Norms of parameters",
  caption: "Euclidean norm of each trained parameter.",
  lines: parameterCurves(files, "norm"),
  options: { yTitle: "norm", yScale: "log" },
});

export function gradientPanel({ metrics, sweep }: RunFiles): CurvePanel {
  const groups = [
    { name: "gradient_norm", label: "slow weights", colour: colours.train },
    { name: "fast_gradient_norm", label: "fast weights", colour: colours.fourth },
  ];
  const lines = groups.flatMap(({ name, ...line }) => {
    const curve = readCurve(metrics, `plastic/${name}`, sweep);
    return curve ? [{ ...line, curve }] : [];
  });
  return {
    id: "gradient-norm",
    title: "Gradient norm",
    caption:
      "Norm of the gradient of all slow weights together, of one update at each point (of a rule that learns " +
      "after every step, the root mean square over a batch), and of all fast weights at the last step, before " +
      "any bound.",
    lines,
    options: { yTitle: "norm", yScale: "log" },
  };
}

export const valuePanel = (files: RunFiles): CurvePanel => ({
  id: "parameter-values",
  title: "Single numbers",
  caption: "Trained parameters that are one number, such as the decay λ of a layer.",
  lines: parameterCurves(files, "value"),
  options: { yTitle: "value" },
});
