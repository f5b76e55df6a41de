/** The page of a sweep. */
import { formatCount, formatSeconds } from "../../../report/format.ts";
import { drawTable, esc, type Table } from "../../../report/html.ts";
import { drawPage } from "../../../report/page/draw_page.ts";
import { drawFigures } from "../../../report/page/sections.ts";
import { buildPayload } from "../../../report/payload.ts";
import { type PointState, type SweepResults, valueText } from "../results.ts";
import { bestSentence, metricWords, outcomeText, stateText } from "../results_text.ts";
import type { Sweep } from "../sweep.ts";
import { bestCurves } from "./best_curves.ts";
import { pointFigures } from "./point_figures.ts";

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
    ...diverged > 0 ? [`At ${formatCount(diverged)} of them all networks diverged.`] : [],
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
