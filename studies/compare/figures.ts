/** The figures of the report; a row has the same colour and dashes in all of them. */
import { rangeOf } from "../../core/losses/loss_metric.ts";
import { mean, meanInterval } from "../../core/numerics/statistics.ts";
import { type ChartTrace, colours, type Figure, palette } from "../../report/figures/chart.ts";
import { capitalised, formatMetric, withUnit, wordsOf } from "../../report/metric_words.ts";
import { judgedOn } from "./judged_on.ts";
import { drawLines, type Line } from "../figures/line_chart.ts";
import type { Study } from "../experiment.ts";
import type { RowAlignment } from "./results/alignments.ts";
import type { JudgedRow } from "./results/judge_row.ts";
import { countedScore } from "./results/over_seeds.ts";
import { common, commonCeiling, commonGuess, layerName } from "./tables.ts";

const dashes = ["solid", "dash", "dot"] as const;
/** Dashes of levels, in words. */
const dashWords = { dot: "dotted", dash: "dashed", dashdot: "dash-dotted" } as const;
/** Lines of one chart, at most: more cannot be told apart. */
const MOST_LINES = 8;

/** How a row is drawn, by its place among all rows. */
const styleOf = (place: number) => ({
  colour: place % palette.length,
  dash: dashes[Math.floor(place / palette.length) % dashes.length]!,
});

/** The scores of all rows beside each other: every seed, the mean and its interval. */
export function scoreFigure(rows: readonly JudgedRow[]): Figure | undefined {
  const run = rows.map((judged, place) => ({ judged, place }))
    .filter(({ judged }) => judged.result.seeds.length > 0);
  const [first] = run;
  if (!first) return undefined;
  const { score, facts } = first.judged.result;
  const guess = commonGuess(rows, "score");
  const levels = ([
    { name: "chance", value: common(rows.map(({ result }) => result.chance)), dash: "dot" },
    { name: "ceiling without memory", value: commonCeiling(rows), dash: "dash" },
    { name: guess?.name, value: guess?.value, dash: "dashdot" },
  ] as const).filter(({ value }) => value !== undefined);
  return {
    title: `${capitalised(wordsOf(score))} of every row`,
    caption:
      `On ${
        judgedOn(rows).end
      } at the end of training. Circles: one seed each; square: their mean with ` +
      `its 95% interval.${levels.length === 0 ? "" : " Lines: "}${
        levels.map(({ name, value, dash }) =>
          `${dashWords[dash]}, ${name} (${formatMetric(facts.score, value!)})`
        ).join("; ")
      }${levels.length === 0 ? "" : "."}`,
    chart: {
      id: "scores",
      rows: [],
      traces: run.flatMap(({ judged, place }) => scoreTraces(judged, place)),
      layout: {
        // At least as high as other charts.
        height: Math.max(340, 60 + 30 * run.length),
        showlegend: false,
        margin: { l: 8, r: 16, t: 32, b: 44 },
        xaxis: {
          title: { text: withUnit(wordsOf(score), facts.score) },
          ...facts.score.kind === "share" ? { range: [-0.02, 1.03] } : {},
        },
        yaxis: { automargin: true, autorange: "reversed", type: "category" },
        shapes: levels.map(({ value, dash }) => ({
          type: "line",
          yref: "paper",
          ...{ x0: value, x1: value, y0: 0, y1: 1 },
          line: { color: colours.bound, width: 1.5, dash },
        })),
      },
    },
  };
}

function scoreTraces({ result, score }: JudgedRow, place: number): ChartTrace[] {
  const color = palette[styleOf(place).colour];
  const y = result.row.title;
  const scores = result.seeds.map(({ score }) => countedScore(score, result.facts.score));
  return [
    {
      plotly: {
        type: "scatter",
        mode: "markers",
        x: scores,
        y: scores.map(() => y),
        marker: { color, size: 7, symbol: "circle-open", opacity: 0.7 },
        customdata: result.seeds.map(({ seed }) => seed),
        hovertemplate: "seed %{customdata}: %{x:.4~g}<extra></extra>",
      },
    },
    {
      plotly: {
        type: "scatter",
        mode: "markers",
        x: [score.mean],
        y: [y],
        marker: { color, size: 10, symbol: "square" },
        ...score.interval
          ? {
            error_x: {
              type: "data",
              array: [score.interval.high - score.mean],
              arrayminus: [score.mean - score.interval.low],
              thickness: 2,
              color,
            },
          }
          : {},
        hovertemplate: "mean %{x:.4~g}<extra></extra>",
      },
    },
  ];
}

/** Rows that are drawn in one chart. */
interface Group {
  readonly title: string;
  readonly rows: readonly { readonly judged: JudgedRow; readonly place: number }[];
}

/** Rows by study and model, at most eight together. */
function groupsOf(rows: readonly JudgedRow[], studies: readonly Study[]): Group[] {
  const groups = new Map<string, { judged: JudgedRow; place: number }[]>();
  rows.forEach((judged, place) => {
    const { row, config, seeds } = judged.result;
    if (seeds.length === 0) return;
    const study = studies.find(({ name }) => row.studies?.includes(name));
    const title = [config.model.name, ...study ? [study.title.toLowerCase()] : []].join(": ");
    groups.set(title, [...groups.get(title) ?? [], { judged, place }]);
  });
  return [...groups].flatMap(([title, members]) => {
    const parts = Math.ceil(members.length / MOST_LINES);
    const size = Math.ceil(members.length / parts);
    return Array.from({ length: parts }, (_, part) => ({
      title: parts === 1 ? title : `${title} (${part + 1} of ${parts})`,
      rows: members.slice(part * size, (part + 1) * size),
    }));
  });
}

/** Score and loss along the training, a chart of each for every group of rows. */
export function curveFigures(rows: readonly JudgedRow[], studies: readonly Study[]): Figure[] {
  return groupsOf(rows, studies).flatMap((group, number) =>
    (["score", "loss"] as const).map((of) => curveFigure(group, { of, number }))
  );
}

function curveFigure(
  { title, rows }: Group,
  { of, number }: { of: "score" | "loss"; number: number },
): Figure {
  const [{ judged: { result } }] = rows as [Group["rows"][number]];
  const facts = result.facts[of];
  const words = of === "score" ? wordsOf(result.score) : "loss";
  const members = rows.map(({ judged }) => judged);
  const guess = commonGuess(members, of);
  const level = of === "loss"
    ? { y: common(members.map(({ result }) => result.bestLoss)), text: "best possible" }
    : { y: commonCeiling(members), text: "ceiling without memory" };
  const lines = rows.map(({ judged, place }) => curveOf(judged, { of, place }));
  return drawLines({
    id: `${of}-${number + 1}`,
    title: `${capitalised(words)}, ${title}`,
    caption: `Mean over seeds on ${
      judgedOn(members).along
    }, with its 95% interval as a band (Student's t).${
      of === "score" && facts.kind === "share" ? " A seed that has diverged counts as 0." : ""
    }${of === "loss" ? " Seeds that have diverged are left out." : ""}`,
    xTitle: "sequences",
    yTitle: withUnit(words, facts),
    isShare: facts.kind === "share",
    // Losses that grow without bound would hide all others.
    isLogY: of === "loss" && lines.every(({ y, low = y }) => !low.some((value) => value <= 0)),
    hasBands: true,
    lines,
    levels: [level, { y: guess?.value, text: guess?.name ?? "" }].flatMap(({ y, text }) =>
      y === undefined ? [] : [{ y, text }]
    ),
  });
}

/** The mean of a row over its seeds, at every number of sequences that all of them have a row of metrics at. */
function curveOf(
  { result: { row, seeds, facts, bestLoss } }: JudgedRow,
  { of, place }: { of: "score" | "loss"; place: number },
): Line {
  const curves = seeds.map(({ curve }) =>
    new Map(curve.map((point) => [point.sequences, countedScore(point[of], facts[of])]))
  );
  const x = [...curves[0]!.keys()].filter((at) => curves.every((curve) => curve.has(at)));
  const points = x.map((at) => {
    const values = curves.map((curve) => curve.get(at)!).filter(Number.isFinite);
    return { y: mean(values), interval: meanInterval(values) };
  });
  // A share has none beyond 0 and 1, and a loss none below the best possible.
  const { low = of === "loss" ? bestLoss ?? -Infinity : -Infinity, high = Infinity } = rangeOf(
    facts[of],
  );
  const ends = points.some(({ interval }) => interval)
    ? {
      low: points.map(({ y, interval }) => Math.max(low, interval?.low ?? y)),
      high: points.map(({ y, interval }) => Math.min(high, interval?.high ?? y)),
    }
    : {};
  return { name: row.title, x, y: points.map(({ y }) => y), ...ends, ...styleOf(place) };
}

/** Cosines between the updates of dfa and the exact gradient, by layer, before and after training. */
export function alignmentFigure(
  alignments: readonly RowAlignment[],
  rows: readonly JudgedRow[],
): Figure | undefined {
  if (alignments.length === 0) return undefined;
  const finite = (values: readonly number[]) => values.filter(Number.isFinite);
  const trace = (
    { result, layers }: RowAlignment,
    when: "before" | "after",
  ): ChartTrace => {
    const place = rows.findIndex((judged) => judged.result === result);
    const color = palette[styleOf(place).colour];
    return {
      plotly: {
        type: "scatter",
        mode: "lines+markers",
        name: result.row.title,
        x: layers.map(({ layer }) => layerName(layer)),
        y: layers.map((layer) => mean(finite(layer[when]))).map((value) =>
          Number.isFinite(value) ? value : null
        ),
        line: { color, width: 1.5, dash: when === "before" ? "dot" : styleOf(place).dash },
        marker: { color, size: 8, symbol: when === "before" ? "circle-open" : "circle" },
        legendgroup: result.row.title,
        showlegend: when === "after",
        hovertemplate: `${when} training: %{y:.2f}<extra></extra>`,
      },
    };
  };
  return {
    title: "Cosine between updates of dfa and of backprop",
    caption:
      "On the same network and sequences: the mean over steps, sequences and seeds, by layer. Dotted " +
      "with open circles: before training; full circles: after. 1: the same direction, 0: a right angle.",
    chart: {
      id: "alignment",
      rows: [],
      traces: alignments.flatMap((alignment) => [
        trace(alignment, "before"),
        trace(alignment, "after"),
      ]),
      layout: {
        xaxis: { title: { text: "layer" }, type: "category" },
        yaxis: { title: { text: "cosine" } },
        showlegend: true,
        legend: { orientation: "h", x: 0, xanchor: "left", y: -0.2, yanchor: "top" },
      },
    },
  };
}
