/** The charts of an evaluation on sequences: its shares side by side, and a score that is an amount. */
import { axisRange } from "../figures/axis_range.ts";
import type { SequenceEvaluation } from "../../analysis/evaluate/evaluation.ts";
import { type ChartTrace, colours, type Figure } from "../figures/chart.ts";
import { capitalised, withUnit } from "../metric_words.ts";
import { type MetricSeries, metricSeries, seriesLayout } from "../figures/metric_series.ts";
import { symbols, withBars, words } from "./figures.ts";
import { factsOf, formatMeasured, measured, metricNames, type Network } from "./metric_rows.ts";

const palette = [colours.train, colours.heldOut, colours.third, colours.fourth];

export function sequenceFigures(evaluation: SequenceEvaluation): Figure[] {
  const { networks } = evaluation;
  const isShare = (name: string) => networks[0]?.proportions[name] !== undefined;
  const series = metricSeries(evaluation.metrics).filter(({ names }) => names.every(isShare));
  const inSeries = new Set(series.flatMap(({ names }) => names));
  const shares = metricNames(evaluation).filter((name) => isShare(name) && !inSeries.has(name));
  return [
    ...shares.includes(evaluation.score) ? [] : [scoreFigure(evaluation)],
    ...shares.length === 0 ? [] : [sharesFigure(evaluation, shares)],
    ...series.map((row, index) => seriesFigure(evaluation, { ...row, index })),
  ];
}

/** Every share of the networks as a point with its interval; one colour a replica. */
function sharesFigure(
  { networks, score, chance }: SequenceEvaluation,
  names: readonly string[],
): Figure {
  // The score is the first category; the level of a guesser holds for no other.
  const guesser = chance === null || names[0] !== score ? [] : [{
    ...{ type: "line", x0: -0.4, x1: 0.4, y0: chance, y1: chance },
    line: { color: colours.bound, width: 1.5, dash: "dash" },
  }];
  return {
    chart: {
      id: "metrics",
      rows: [],
      traces: networks.map((network, index) =>
        pointsOf(network, index, {
          x: names.map(words),
          ...withBars(names.map((name) => network.proportions[name]), colourOf(index)),
        })
      ),
      layout: {
        xaxis: { type: "category" },
        yaxis: { title: { text: "share" }, range: [-0.03, 1.03] },
        showlegend: networks.length > 1,
        shapes: guesser,
      },
    },
    title: "Metrics on fresh sequences",
    caption: "Bars: 95 % intervals over the sequences." +
      (guesser.length === 0 ? "" : ` Dashed: ${words(score)} of a guesser without memory.`),
  };
}

/** A row of shares of the networks, such as recall by lag, with intervals. */
function seriesFigure(
  { networks }: SequenceEvaluation,
  { index, ...series }: MetricSeries & { index: number },
): Figure {
  const { names, labels, title } = series;
  return {
    chart: {
      id: `series-${index}`,
      rows: [],
      traces: networks.map((network, at) =>
        pointsOf(network, at, {
          x: labels,
          mode: "lines+markers",
          line: { color: colourOf(at), width: 1 },
          ...withBars(names.map((name) => network.proportions[name]), colourOf(at)),
        })
      ),
      layout: { ...seriesLayout(series), showlegend: networks.length > 1 },
    },
    title: `${title} on fresh sequences`,
    caption: "Bars: 95 % intervals over the sequences.",
  };
}

/** A score that is no share, of each network, with its interval. */
function scoreFigure(evaluation: SequenceEvaluation): Figure {
  const { networks, score } = evaluation;
  const facts = factsOf(evaluation, score);
  return {
    chart: {
      id: "score",
      rows: [],
      traces: networks.map((network, index) => {
        const { value, interval } = measured(network, score);
        const isKnown = Number.isFinite(value);
        return pointsOf(network, index, {
          x: [network.label],
          y: [isKnown ? value : null],
          customdata: [formatMeasured(facts, { value, ...interval ? { interval } : {} })],
          ...interval
            ? {
              error_y: {
                ...{ type: "data", symmetric: false, thickness: 1, width: 3 },
                array: [interval.high - value],
                arrayminus: [value - interval.low],
                color: colourOf(index),
              },
            }
            : {},
        });
      }),
      layout: {
        xaxis: { type: "category" },
        yaxis: {
          title: { text: withUnit(words(score), facts) },
          ...axisRange(facts),
        },
        showlegend: false,
      },
    },
    title: `${capitalised(words(score))} on fresh sequences`,
    caption: `${facts.summary ?? ""} Bars: 95 % intervals over the sequences.`.trim(),
  };
}

const colourOf = (index: number): string => palette[index % palette.length]!;

const pointsOf = (
  { label }: Network,
  index: number,
  data: Readonly<Record<string, unknown>>,
): ChartTrace => ({
  plotly: {
    type: "scatter",
    mode: "markers",
    name: label,
    ...data,
    marker: { color: colourOf(index), size: 8, symbol: symbols[index % symbols.length] },
    hovertemplate: "%{x}<br>%{customdata}<extra></extra>",
  },
});
