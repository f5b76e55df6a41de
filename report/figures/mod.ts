/** Every figure of a report, in the order it is shown. A figure without data is left out. */
import type { RunFiles } from "../run_files.ts";
import { accuracyCurves, drawAccuracyCurves } from "./accuracy_curves.ts";
import type { Chart, Figure } from "./chart.ts";
import { type Curve, thinningNote } from "./curve.ts";
import { drawLearningCurve, learningCurve } from "./learning_curve.ts";
import { drawPlasticityNorms, plasticityNorms } from "./plasticity_norms.ts";
import { drawErrorCurve, drawWrongShares, errorCurve, wrongShares } from "./error_curve.ts";
import { drawErrorRates, errorRates } from "./error_rates.ts";
import { drawLevelCurve, levelCurve } from "./level_curve.ts";
import { drawParameterCurves, parameterCurves } from "./parameter_curves.ts";
import { drawScoreCurve, scoreCurve } from "./score_curve.ts";
import { drawWeightMap, weightMaps } from "./weight_map.ts";

/** A figure over the length of a run: one function that takes numbers out, one that draws them. */
interface CurveFigure<T> {
  readonly title: string | ((numbers: T) => string);
  readonly caption: string;
  readonly read: (files: RunFiles) => T;
  /** The curves that the figure shows; with none of them it is left out. */
  readonly curves: (numbers: T) => readonly (Curve | undefined)[];
  readonly draw: (numbers: T) => Chart;
}

/** The figure of a run, or nothing where the run logged none of its curves. */
type DrawFigure = (files: RunFiles) => Figure[];

function curveFigure<T>({ title, caption, read, curves, draw }: CurveFigure<T>): DrawFigure {
  return (files) => {
    const numbers = read(files);
    const drawn = curves(numbers).filter((curve) => curve !== undefined);
    if (drawn.length === 0) return [];
    return [{
      chart: draw(numbers),
      title: typeof title === "string" ? title : title(numbers),
      caption: `${caption} ${thinningNote(drawn)}`.trim(),
    }];
  };
}

const curvesOf = (lines: readonly { readonly curve: Curve }[]): Curve[] =>
  lines.map(({ curve }) => curve);

const curveTable: readonly DrawFigure[] = [
  curveFigure({
    title: "Error per episode",
    caption: "Distance between the shown pattern and the right one, summed over its bits.",
    read: errorCurve,
    curves: ({ error }) => [error],
    draw: drawErrorCurve,
  }),
  curveFigure({
    title: "Wrong bits",
    caption: "Bits of the wrong sign, and episodes that went wrong altogether.",
    read: wrongShares,
    curves: curvesOf,
    draw: drawWrongShares,
  }),
  curveFigure({
    title: "Loss",
    caption: "Mean loss of a prediction.",
    read: learningCurve,
    curves: ({ train, heldOut }) => [train, heldOut],
    draw: drawLearningCurve,
  }),
  curveFigure({
    title: ({ name }) => capitalised(name),
    caption: "Share of right answers where the answer has to be remembered.",
    read: scoreCurve,
    curves: ({ train, heldOut }) => [train, heldOut],
    draw: drawScoreCurve,
  }),
  curveFigure({
    title: "Level passed",
    caption: "The task grows harder whenever its criterion is met.",
    read: levelCurve,
    curves: (level) => [level],
    draw: drawLevelCurve,
  }),
  curveFigure({
    title: "Error rates",
    caption: "False positives among the negatives, false negatives among the positives.",
    read: errorRates,
    curves: curvesOf,
    draw: drawErrorRates,
  }),
  curveFigure({
    title: "Accuracies, training",
    caption: "Share of right answers on the sequences trained on.",
    read: (files) => accuracyCurves(files, "train"),
    curves: curvesOf,
    draw: (accuracies) => drawAccuracyCurves("accuracy-train", accuracies),
  }),
  curveFigure({
    title: "Accuracies, held out",
    caption: "Share of right answers on sequences never trained on.",
    read: (files) => accuracyCurves(files, "eval"),
    curves: curvesOf,
    draw: (accuracies) => drawAccuracyCurves("accuracy-held-out", accuracies),
  }),
  curveFigure({
    title: "Weight norms",
    caption: "High- and low-plasticity weights, logarithmic.",
    read: (files) => plasticityNorms(files, "weight"),
    curves: ({ high, low }) => [high, low],
    draw: (norms) => drawPlasticityNorms("weight-norms", norms),
  }),
  curveFigure({
    title: "Update norms",
    caption: "Updates of high- and low-plasticity weights, logarithmic.",
    read: (files) => plasticityNorms(files, "update"),
    curves: ({ high, low }) => [high, low],
    draw: (norms) => drawPlasticityNorms("update-norms", norms),
  }),
  curveFigure({
    title: "Norms of parameters",
    caption: "Weights, rates and biases, logarithmic.",
    read: (files) => parameterCurves(files, "norm"),
    curves: curvesOf,
    draw: (lines) => drawParameterCurves("norm", lines),
  }),
  curveFigure({
    title: "Single numbers",
    caption: "Trained parameters that are one number, such as the decay λ of a layer.",
    read: (files) => parameterCurves(files, "value"),
    curves: curvesOf,
    draw: (lines) => drawParameterCurves("value", lines),
  }),
];

/** Figures over the length of the run. */
export const curveFigures = (files: RunFiles): Figure[] =>
  curveTable.flatMap((draw) => draw(files));

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** One heat map for each matrix name. */
export function mapFigures({ figures }: RunFiles): Figure[] {
  return weightMaps(figures.matrices).map((map, index) => {
    const first = map.layers[0];
    return {
      chart: drawWeightMap(`matrix-${index}`, map),
      title: map.title,
      caption: `${map.name}, ${first?.rows ?? 0} × ${first?.columns ?? 0}`,
    };
  });
}
