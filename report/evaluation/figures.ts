/** The charts of an evaluation: shares with error bars, against R or by metric. */
import { type Chart, type ChartTrace, colours, type Figure } from "../figures/chart.ts";
import type {
  LevelEvaluation,
  MovieJudgement,
  Proportion,
} from "../../analysis/evaluate/evaluation.ts";

/** The movies of one line of a chart, sorted by R. */
interface Series {
  /** Empty if the chart has one line only. */
  readonly label: string;
  readonly movies: readonly MovieJudgement[];
}

interface Rate {
  readonly metric: "accuracy" | "false_positive_rate" | "false_negative_rate";
  readonly label: string;
  readonly colour: string;
}

const accuracy: Rate = { metric: "accuracy", label: "accuracy", colour: colours.train };
const errors: readonly Rate[] = [
  { metric: "false_positive_rate", label: "false positives", colour: colours.heldOut },
  { metric: "false_negative_rate", label: "false negatives", colour: colours.third },
];

/** Accuracy and errors: of the levels, and of the generalisation curve if there is one. */
export function levelFigures({ movies, curve, bounds }: LevelEvaluation): Figure[] {
  const scenes = movies[0]?.scenes ?? 0;
  const figures: Figure[] = [
    {
      chart: accuracyChart("accuracy", movies, { bound: bounds.accuracy }),
      title: "Accuracy",
      caption: `On a fresh movie of ${scenes} scenes at each R. Bars: 95 % intervals ` +
        `over blocks of scenes, since scenes that share a memory are not independent. ` +
        `Dashed: the least accuracy of a network that holds a level.`,
    },
    {
      chart: errorChart("errors", movies, { bounds }),
      title: "False positives and false negatives",
      caption: "Share of new scenes called repeats, and of repeats called new. " +
        "Dashed: the most that a network may have to hold a level.",
    },
  ];
  const [first] = curve;
  if (!first) return figures;
  const trained = [...new Set(curve.map(({ level }) => level))];
  return [
    ...figures,
    {
      chart: accuracyChart("curve-accuracy", curve, { trained, hasChance: true }),
      title: "Generalisation: accuracy",
      caption: `The highest network at R it was and was not trained on, ${first.scenes} scenes ` +
        `at each. Vertical: the last R of its training. Dotted: a guesser that always says "new".`,
    },
    {
      chart: errorChart("curve-errors", curve, { trained }),
      title: "Generalisation: errors",
      caption: "The same movies: new scenes called repeats, and repeats called new.",
    },
  ];
}

function accuracyChart(
  id: string,
  movies: readonly MovieJudgement[],
  { bound, trained = [], hasChance = false }: {
    bound?: number;
    trained?: readonly number[];
    hasChance?: boolean;
  },
): Chart {
  const lines = seriesOf(movies);
  const guesser = hasChance ? [chanceTrace(movies)] : [];
  const lows = movies.flatMap((movie) => [
    movie.proportions["accuracy"]?.low ?? 1,
    ...hasChance ? [movie.chance] : [],
  ]);
  const lowest = Math.min(bound ?? 1, ...lows);
  const room = 0.06 * (1 - lowest);
  return chartOf(id, {
    traces: [...lines.map((series, index) => rateTrace(accuracy, { series, index })), ...guesser],
    yaxis: { title: { text: "accuracy" }, range: [lowest - room, 1 + room], tickformat: "~g" },
    bounds: bound === undefined ? [] : [levelLine(bound, colours.train)],
    trained,
    hasLegend: lines.length > 1 || hasChance,
  });
}

function errorChart(
  id: string,
  movies: readonly MovieJudgement[],
  { bounds, trained = [] }: { bounds?: LevelEvaluation["bounds"]; trained?: readonly number[] },
): Chart {
  const traces = seriesOf(movies).flatMap((series, index) =>
    errors.map((rate) => rateTrace(rate, { series, index }))
  );
  return chartOf(id, {
    traces,
    yaxis: { title: { text: "share" }, rangemode: "tozero", tickformat: ".1~%" },
    bounds: bounds ? errors.map(({ metric, colour }) => levelLine(bounds[metric], colour)) : [],
    trained,
    hasLegend: true,
  });
}

function chartOf(
  id: string,
  { traces, yaxis, bounds, trained, hasLegend }: {
    traces: readonly ChartTrace[];
    yaxis: Readonly<Record<string, unknown>>;
    bounds: readonly unknown[];
    /** The last R that networks were trained on. */
    trained: readonly number[];
    hasLegend: boolean;
  },
): Chart {
  const longest = Math.max(1, ...traces.flatMap(({ plotly }) => plotly["x"] as number[]));
  return {
    id,
    rows: [],
    traces,
    layout: {
      xaxis: {
        title: { text: "R, scenes from a scene to its repeat" },
        range: [0, 1.03 * longest + 0.3],
        // R is a whole number; Plotly would cut short axes into fractions.
        ...longest <= 12 ? { dtick: 1 } : {},
      },
      yaxis,
      shapes: [...bounds, ...trained.map(trainedLine)],
      annotations: trained.map(trainedText),
      showlegend: hasLegend,
      hovermode: "closest",
    },
  };
}

/** A line for each replica, and for each of its networks if some are judged beside their level. */
function seriesOf(movies: readonly MovieJudgement[]): Series[] {
  const isAtLevel = movies.every(({ level, interval }) => level === interval);
  const groups = new Map<string, MovieJudgement[]>();
  const labels = new Set(movies.map(({ label }) => label));
  for (const movie of movies) {
    const names = [
      ...labels.size > 1 ? [movie.label] : [],
      ...isAtLevel ? [] : [movie.passed ? `level ${movie.level}` : `newest (${movie.level})`],
    ];
    const key = names.join(", ");
    groups.set(key, [...groups.get(key) ?? [], movie]);
  }
  return [...groups].map(([label, group]) => ({
    label: groups.size > 1 ? label : "",
    movies: group.sort((a, b) => a.interval - b.interval),
  }));
}

const dashes = ["solid", "dash", "dot", "dashdot"] as const;
export const symbols = ["circle", "square", "diamond", "cross", "triangle-up", "star"] as const;

function rateTrace(
  { metric, label, colour }: Rate,
  { series, index }: { series: Series; index: number },
): ChartTrace {
  const { movies } = series;
  const name = series.label ? `${label}, ${series.label}` : label;
  return {
    plotly: {
      type: "scatter",
      mode: "lines+markers",
      name,
      x: movies.map(({ interval }) => interval),
      ...withBars(movies.map(({ proportions }) => proportions[metric]), colour),
      line: { color: colour, width: 1.5, dash: dashes[index % dashes.length] },
      marker: { color: colour, size: 6, symbol: symbols[index % symbols.length] },
      hovertemplate: `R %{x}<br>${name} %{customdata}<extra></extra>`,
    },
  };
}

/** Shares with their intervals as error bars, and both as text for the pointer. */
export function withBars(proportions: readonly (Proportion | undefined)[], colour: string) {
  const mapShares = (of: (proportion: Proportion, share: number) => number | string) =>
    proportions.map((proportion) =>
      proportion && proportion.share !== null ? of(proportion, proportion.share) : null
    );
  const digits = (value: number) => Number(value.toPrecision(6));
  return {
    y: mapShares((_, share) => digits(share)),
    error_y: {
      type: "data",
      symmetric: false,
      array: mapShares(({ high }, share) => digits(high - share)),
      arrayminus: mapShares(({ low }, share) => digits(share - low)),
      color: colour,
      thickness: 1,
      width: 3,
    },
    customdata: mapShares(({ count, of, low, high }, share) =>
      `${share.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}], ${count} of ${of}`
    ),
  };
}

function chanceTrace(movies: readonly MovieJudgement[]): ChartTrace {
  const byInterval = new Map(movies.map(({ interval, chance }) => [interval, chance]));
  const sorted = [...byInterval].sort(([a], [b]) => a - b);
  return {
    plotly: {
      type: "scatter",
      mode: sorted.length > 1 ? "lines" : "markers",
      name: "guesser",
      x: sorted.map(([interval]) => interval),
      y: sorted.map(([, chance]) => Number(chance.toPrecision(6))),
      line: { color: colours.bound, width: 1.5, dash: "dot" },
      marker: { color: colours.bound },
      hovertemplate: "R %{x}<br>guesser %{y:.4f}<extra></extra>",
    },
  };
}

const levelLine = (value: number, colour: string) => ({
  type: "line",
  xref: "paper",
  x0: 0,
  x1: 1,
  y0: value,
  y1: value,
  line: { color: colour, width: 1, dash: "dash" },
});

const trainedLine = (level: number) => ({
  type: "line",
  yref: "paper",
  x0: level,
  x1: level,
  y0: 0,
  y1: 1,
  layer: "below",
  line: { color: colours.fourth, width: 1.5 },
});

const trainedText = (level: number) => ({
  text: `trained to ${level}`,
  x: level,
  xanchor: "left",
  xshift: 4,
  yref: "paper",
  y: 1,
  yanchor: "top",
  showarrow: false,
  font: { color: colours.fourth, size: 11 },
});

/** A metric, task or score as people read it: `recall accuracy`. */
export const words = (metric: string): string => metric.replaceAll("_", " ");
