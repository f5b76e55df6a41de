/** The highest level of the curriculum passed, over training. */
import { plain } from "../plain_text.ts";
import type { RunFiles } from "../run_files.ts";
import { colours } from "./chart.ts";
import { readCurve } from "./curve.ts";
import type { CurvePanel } from "./panel.ts";

export function levelPanel({ metrics, sweep, figures: { levels } }: RunFiles): CurvePanel {
  const curve = readCurve(metrics, "curriculum/passed", sweep);
  const symbol = levels ? ` ${plain(levels.symbol)}` : "";
  return {
    id: "levels",
    title: "Level passed",
    caption: "The task grows harder whenever its criterion is met.",
    lines: curve ? [{ label: "passed", colour: colours.third, curve }] : [],
    options: {
      yTitle: `level${symbol} passed`,
      facts: { kind: "count" },
      isStepped: true,
      isWhole: true,
    },
  };
}
