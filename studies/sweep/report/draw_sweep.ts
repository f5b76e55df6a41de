/** The page of a sweep. */
import { colours, type Figure } from "../../../report/figures/chart.ts";
import { formatCount, formatSeconds } from "../../../report/format.ts";
import { drawTable, esc, type Table } from "../../../report/html.ts";
import { drawPage } from "../../../report/page/draw_page.ts";
import { drawFigures } from "../../../report/page/sections.ts";
import { buildPayload } from "../../../report/payload.ts";
import { plain } from "../../../report/plain_text.ts";
import { bestSentence, metricWords, outcomeText, stateText } from "../results_text.ts";
import {
  lostOf,
  type PointState,
  type SweepPoint,
  type SweepResults,
  valueText,
} from "../results.ts";
import { importances } from "../../search/importance.ts";
import type { KnownTrial } from "../../search/trial.ts";
import type { Sweep } from "../sweep.ts";
import { bestCurves } from "./best_curves.ts";
import { type CoordinateAxis, drawParallel } from "./parallel_coordinates.ts";
import { drawParameter } from "./parameter_figures.ts";
import { type ParameterScale, parameterScale } from "./parameter_scale.ts";

/** Points that figures draw: more would hide each other. */
const MOST_DRAWN = 600;
/** Rows of the table: `results.csv` has all. */
const MOST_ROWS = 100;

/** Draws the page of a sweep. */
export function drawSweep(sweep: Sweep, results: SweepResults): Promise<string> {
  const { points } = results;
  const judged = points.filter(({ mean, state }) => state !== "failed" && Number.isFinite(mean));
  const drawn = spread(judged, MOST_DRAWN);
  const figures = judged.length < 2 ? [] : pointFigures(sweep, results, drawn);
  const curves = bestCurves(sweep, results);
  const [parallel, ...others] = figures;
  const first = [...parallel ? [parallel] : [], ...curves ? [curves] : []];
  const name = sweep.file.name ?? sweep.folder.replace(/^.*[/\\]/, "");
  return drawPage({
    kicker: "Hebb sweep",
    title: name,
    ...sweep.file.description === undefined ? {} : { about: sweep.file.description },
    verdict: verdictOf(results),
    lead: tiles(sweep, results),
    sections: [
      ...drawn.length < judged.length
        ? [
          `<p class="lead">Figures draw ${formatCount(drawn.length)} of ${
            formatCount(judged.length)
          } points: the best half of these, and others at even ranks.</p>`,
        ]
        : [],
      ...first.map((figure) => `<div class="charts tall">\n${drawFigures([figure])}\n</div>`),
      others.length === 0 ? "" : `<div class="charts">\n${drawFigures(others)}\n</div>`,
      "<h2>Points, best first</h2>",
      points.length > MOST_ROWS
        ? `<p class="lead">The first ${MOST_ROWS} of ${
          formatCount(points.length)
        }; results.csv has all.</p>`
        : "",
      drawTable(pointTable(results), { isDense: true }),
    ].join("\n"),
    payload: buildPayload({
      axes: { titles: {}, values: {} },
      charts: [...first, ...others].map(({ chart }) => chart),
    }),
  });
}

/** The best of a list, and others at even ranks, in order. */
function spread<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const best = Math.floor(most / 2);
  const step = (items.length - best) / (most - best);
  return items.filter((_, index) =>
    index < best || Math.floor((index - best) / step) !== Math.floor((index - best - 1) / step)
  );
}

function pointFigures(
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
      importanceFigure(important.map(({ path, share }) => ({
        name: parameters.find((parameter) => parameter.path === path)!.name,
        share,
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

function importanceFigure(bars: readonly { name: string; share: number }[]): Figure {
  const upward = bars.toReversed();
  return {
    title: "Importance of settings",
    caption:
      "Share of the variance of the points' ranks that a setting explains alone, corrected for chance (ε²): 1, it alone " +
      "decides; 0, it alone says nothing, though it may matter together with others.",
    chart: {
      id: "importance",
      rows: [],
      traces: [{
        plotly: {
          type: "bar",
          orientation: "h",
          x: upward.map(({ share }) => share),
          y: upward.map(({ name }) => plain(name)),
          text: upward.map(({ share }) => share.toFixed(2)),
          textposition: "outside",
          cliponaxis: false,
          marker: { color: colours.third },
          hoverinfo: "skip",
        },
      }],
      layout: {
        height: Math.max(160, 90 + 34 * bars.length),
        showlegend: false,
        margin: { l: 8, r: 48, t: 12, b: 44 },
        xaxis: { title: { text: "share explained" }, range: [0, 1.05] },
        yaxis: { type: "category" },
      },
    },
  };
}

function verdictOf(results: SweepResults): string {
  const { points, seeds } = results;
  const networks = seeds.length === 1 ? "a network" : `${seeds.length} networks`;
  const counts = (Object.keys(stateWords) as PointState[]).flatMap((state) => {
    const count = points.filter((point) => point.state === state).length;
    return count === 0 ? [] : [`${formatCount(count)} ${stateWords[state]}`];
  });
  const diverged =
    points.filter(({ values, mean }) => values.length > 0 && Number.isNaN(mean)).length;
  return [
    bestSentence(results) ?? "No point is judged yet.",
    `${formatCount(points.length)} points of ${networks} each: ${counts.join(", ")}.`,
    ...diverged > 0 ? [`Of ${formatCount(diverged)} all networks diverged.`] : [],
  ].join(" ");
}

const stateWords: Readonly<Record<PointState, string>> = {
  done: "trained",
  stopped: "stopped early",
  partial: "begun",
  new: "not begun",
  failed: "failed",
};

function tiles({ stored }: Sweep, { points, seconds }: SweepResults): string {
  const all: [string, string][] = [
    ["Points", formatCount(points.length)],
    ["Seeds of each", formatCount(stored.seeds.length)],
    ["Runs", formatCount(new Set(points.map(({ job }) => job)).size)],
    ["Failed", formatCount(points.filter(({ state }) => state === "failed").length)],
    ["Training of all runs", formatSeconds(seconds)],
  ];
  return `<dl class="tiles">\n${
    all.map(([name, value]) => `<div><dt>${esc(name)}</dt><dd>${esc(value)}</dd></div>`).join("\n")
  }\n</dl>`;
}

function pointTable({ metric, parameters, points, seeds }: SweepResults): Table {
  return {
    columns: [
      "",
      ...parameters.map(({ name }) => name),
      `${metricWords(metric.name)}${seeds.length > 1 ? ", mean ± half of its 95% interval" : ""}`,
      "run",
    ],
    rows: points.slice(0, MOST_ROWS).map((point, index) => [
      String(index + 1),
      ...parameters.map(({ path }) => valueText(point.trial.values[path])),
      [outcomeText(point), stateText(point)].filter((text) => text !== "").join(", "),
      point.job,
    ]),
  };
}
