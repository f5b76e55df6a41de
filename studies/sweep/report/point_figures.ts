/** Figures of the points of a sweep. */
import type { Figure } from "../../../report/figures/chart.ts";
import { importances } from "../../search/importance.ts";
import type { KnownTrial } from "../../search/trial.ts";
import { lostOf, type SweepPoint, type SweepResults } from "../results.ts";
import { metricWords } from "../results_text.ts";
import type { Sweep } from "../sweep.ts";
import { importanceFigure } from "./importance_figure.ts";
import { type CoordinateAxis, drawParallel } from "./parallel_coordinates.ts";
import { drawParameter } from "./parameter_figures.ts";
import { type ParameterScale, parameterScale } from "./parameter_scale.ts";

/**
 * Figures of the points of a sweep: parallel coordinates, importance, and the metric against each setting, the most
 * important one first.
 *
 * @param drawn the points that are drawn, best first.
 */
export function pointFigures(
  { file }: Sweep,
  { metric, parameters, points }: SweepResults,
  drawn: readonly SweepPoint[],
): Figure[] {
  const valuesAt = (path: string, of: readonly SweepPoint[]) =>
    of.map(({ trial }) => trial.values[path] ?? null);
  const scaled = parameters.map((parameter) => {
    const { domain } = file.parameters.find(({ path }) => path === parameter.path)!;
    return { parameter, scale: parameterScale({ domain }, valuesAt(parameter.path, drawn)) };
  });
  const important = importances(
    { ...file, metric: { name: metric.name, goal: "minimize" }, earlyTermination: undefined },
    rankedTrials(points),
  );
  const placeOf = ({ parameter }: typeof scaled[0]) =>
    important.findIndex(({ path }) => path === parameter.path);
  const byImportance = scaled.toSorted((a, b) => placeOf(a) - placeOf(b));
  return [
    {
      title: "Parallel coordinates",
      caption:
        `A line for each point, through its settings and its ${
          metricWords(metric.name)
        } (on the right): the best tenth in orange, ` +
        "then green and blue, the worst in grey.",
      chart: drawParallel(drawn, [
        ...scaled.map(({ parameter, scale }) =>
          axisOf(parameter.name, scale, valuesAt(parameter.path, drawn))
        ),
        metricAxis(metric, drawn),
      ]),
    },
    ...important.length === 0 ? [] : [
      importanceFigure(important.map(({ path, share, trend }) => ({
        name: parameters.find((parameter) => parameter.path === path)!.name,
        share,
        trend,
      }))),
    ],
    ...byImportance.map((parameter, number) =>
      drawParameter({ ...parameter, number, points: drawn, metric })
    ),
  ];
}

/** Trials whose metric is their rank, with equal ranks for equal outcomes; points that are not judged are left out. */
function rankedTrials(points: readonly SweepPoint[]): KnownTrial[] {
  let rank = 0;
  return points.filter(({ state, values }) => state !== "failed" && values.length > 0)
    .map((point, index, all) => {
      const before = all[index - 1];
      const isTie = before?.state === point.state && before.mean === point.mean &&
        lostOf(before) === lostOf(point);
      if (!isTie) rank = index;
      const value = Number.isNaN(point.mean) ? NaN : rank;
      return { trial: point.trial, state: "finished", scores: [{ iteration: 1, value }] };
    });
}

const axisOf = (
  name: string,
  { place, ticks }: ParameterScale,
  values: readonly Parameters<ParameterScale["place"]>[0][],
): CoordinateAxis => ({ name, ticks, places: values.map(place) });

/** The axis of the metric, with the best value on top. */
function metricAxis(
  { name, better }: SweepResults["metric"],
  points: readonly SweepPoint[],
): CoordinateAxis {
  const means = points.map(({ mean }) => mean);
  const scale = parameterScale(
    { domain: { kind: "choice", values: [], probabilities: [] } },
    means,
  );
  const turned = (place: number) => better === "more" ? place : 1 - place;
  return {
    name: metricWords(name),
    ticks: scale.ticks.map(({ place, text }) => ({ place: turned(place), text })),
    places: means.map((value) => turned(scale.place(value))),
  };
}
