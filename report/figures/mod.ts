/** Every figure of a report, in the order it is shown. A figure without data is left out. */
import type { RunFiles } from "../run_files.ts";
import type { Figure } from "./chart.ts";
import { lossPanel } from "./learning_curve.ts";
import { levelPanel } from "./level_curve.ts";
import { metricPanels } from "./metric_groups.ts";
import { noisyPanels } from "./noisy_curve.ts";
import { type CurvePanel, drawPanel } from "./panel.ts";
import { gradientPanel, normPanel, valuePanel } from "./parameter_curves.ts";
import { plasticityPanel } from "./plasticity_norms.ts";
import { scorePanel } from "./score_curve.ts";
import { drawWeightMap, isSingle, weightMaps } from "./weight_map.ts";

const panels: readonly ((files: RunFiles) => CurvePanel | CurvePanel[])[] = [
  lossPanel,
  scorePanel,
  levelPanel,
  noisyPanels,
  metricPanels,
  (files) => plasticityPanel(files, "weight"),
  (files) => plasticityPanel(files, "update"),
  gradientPanel,
  normPanel,
  valuePanel,
];

/** Figures over the length of the run. */
export const curveFigures = (files: RunFiles): Figure[] =>
  panels.flatMap((panel) => panel(files)).filter(({ lines }) => lines.length > 0).map(drawPanel);

/** One figure for each matrix name; one number has its curve. */
export function mapFigures({ figures }: RunFiles): Figure[] {
  return weightMaps(figures.matrices).filter((map) => !isSingle(map)).map((map, index) => {
    const first = map.layers[0];
    const size = `${map.name}, ${first?.rows ?? 0} × ${first?.columns ?? 0}`;
    return {
      chart: drawWeightMap(`matrix-${index}`, map),
      title: map.title,
      caption: map.summary === undefined ? size : `${size}: ${map.summary}`,
    };
  });
}
