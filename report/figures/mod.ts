/** Every figure of a report, in the order it is shown. A figure without data is left out. */
import type { RunFiles } from "../run_files.ts";
import { accuracyCurves, drawAccuracyCurves } from "./accuracy_curves.ts";
import type { Figure } from "./chart.ts";
import { type Curve, thinningNote } from "./curve.ts";
import { drawLearningCurve, learningCurve } from "./learning_curve.ts";
import { drawPlasticityNorms, plasticityNorms } from "./plasticity_norms.ts";
import { drawErrorCurve, drawWrongShares, errorCurve, wrongShares } from "./error_curve.ts";
import { drawErrorRates, errorRates } from "./error_rates.ts";
import { drawLevelCurve, levelCurve } from "./level_curve.ts";
import { drawParameterCurves, parameterCurves } from "./parameter_curves.ts";
import { drawScoreCurve, scoreCurve } from "./score_curve.ts";
import { drawWeightMap, weightMaps } from "./weight_map.ts";

/** Figures over the length of the run. */
export function curveFigures(files: RunFiles): Figure[] {
  const error = errorCurve(files);
  const wrong = wrongShares(files);
  const loss = learningCurve(files);
  const score = scoreCurve(files);
  const level = levelCurve(files);
  const errors = errorRates(files);
  const norms = parameterCurves(files, "norm");
  const values = parameterCurves(files, "value");
  const train = accuracyCurves(files, "train");
  const heldOut = accuracyCurves(files, "eval");
  const weight = plasticityNorms(files, "weight");
  const update = plasticityNorms(files, "update");
  const figures = [
    {
      curves: [error.error],
      chart: drawErrorCurve(error),
      title: "Error per episode",
      caption: "Distance between the shown pattern and the right one, summed over its bits.",
    },
    {
      curves: wrong.map(({ curve }) => curve),
      chart: drawWrongShares(wrong),
      title: "Wrong bits",
      caption: "Bits of the wrong sign, and episodes that went wrong altogether.",
    },
    {
      curves: [loss.train, loss.heldOut],
      chart: drawLearningCurve(loss),
      title: "Loss",
      caption: "Mean loss of a prediction.",
    },
    {
      curves: [score.train, score.heldOut],
      chart: drawScoreCurve(score),
      title: capitalised(score.name),
      caption: "Share of right answers where the answer has to be remembered.",
    },
    {
      curves: [level],
      chart: drawLevelCurve(level),
      title: "Level passed",
      caption: "The task grows harder whenever its criterion is met.",
    },
    {
      curves: errors.map(({ curve }) => curve),
      chart: drawErrorRates(errors),
      title: "Error rates",
      caption: "False positives among the negatives, false negatives among the positives.",
    },
    {
      curves: train.map(({ curve }) => curve),
      chart: drawAccuracyCurves("accuracy-train", train),
      title: "Accuracies, training",
      caption: "Share of right answers on the sequences trained on.",
    },
    {
      curves: heldOut.map(({ curve }) => curve),
      chart: drawAccuracyCurves("accuracy-held-out", heldOut),
      title: "Accuracies, held out",
      caption: "Share of right answers on sequences never trained on.",
    },
    {
      curves: [weight.high, weight.low],
      chart: drawPlasticityNorms("weight-norms", weight),
      title: "Weight norms",
      caption: "High- and low-plasticity weights, logarithmic.",
    },
    {
      curves: [update.high, update.low],
      chart: drawPlasticityNorms("update-norms", update),
      title: "Update norms",
      caption: "Updates of high- and low-plasticity weights, logarithmic.",
    },
    {
      curves: norms.map(({ curve }) => curve),
      chart: drawParameterCurves("norm", norms),
      title: "Norms of parameters",
      caption: "Weights, rates and biases, logarithmic.",
    },
    {
      curves: values.map(({ curve }) => curve),
      chart: drawParameterCurves("value", values),
      title: "Single numbers",
      caption: "Trained parameters that are one number, such as the decay λ of a layer.",
    },
  ];
  return figures.flatMap(({ curves, chart, title, caption }) => {
    const drawn = curves.filter((curve): curve is Curve => curve !== undefined);
    if (drawn.length === 0) return [];
    return [{ chart, title, caption: `${caption} ${thinningNote(drawn)}`.trim() }];
  });
}

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
