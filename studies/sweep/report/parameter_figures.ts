/** The metric of a sweep against each of its settings. */
import { rangeOf } from "../../../core/losses/loss_metric.ts";
import { colours, type Figure } from "../../../report/figures/chart.ts";
import { capitalised, withUnit, wordsOf } from "../../../report/metric_words.ts";
import { withoutSplit } from "../../../report/runs/metric_interval.ts";
import { plain } from "../../../report/plain_text.ts";
import { outcomeText } from "../results_text.ts";
import { type SweepPoint, type SweepResults, type SweptParameter, valueText } from "../results.ts";
import type { ParameterScale } from "./parameter_scale.ts";

/** Bars of more points would cover each other. */
const MOST_BARS = 100;

/** A figure for one setting: a point of the sweep each, with its interval over seeds; the best one stands out. */
export function drawParameter(
  { parameter, number, scale, points, metric }: {
    parameter: SweptParameter;
    number: number;
    scale: ParameterScale;
    /** Those that are drawn, best first. */
    points: readonly SweepPoint[];
    metric: SweepResults["metric"];
  },
): Figure {
  const values = points.map(({ trial }) => trial.values[parameter.path] ?? null);
  const isCategory = scale.kind === "category";
  const { low, high } = rangeOf(metric.facts);
  const isShare = low === 0 && high === 1;
  const hasBars = points.length <= MOST_BARS && points.some(({ interval }) => interval);
  return {
    title: `${capitalised(wordsOf(withoutSplit(metric.name)))} by ${parameter.name}`,
    caption: `A point of the sweep each, the best one in orange${
      hasBars ? "; bars are 95% intervals over seeds (Student's t)" : ""
    }.${scale.kind === "log" ? " The axis is logarithmic." : ""}`,
    chart: {
      id: `parameter-${number}`,
      rows: [],
      traces: [{
        plotly: {
          type: "scatter",
          mode: "markers",
          x: isCategory ? values.map((value) => plain(valueText(value))) : values,
          y: points.map(({ mean }) => mean),
          text: points.map((point) => plain(`${point.label}: ${outcomeText(point)}`)),
          hoverinfo: "text",
          marker: {
            color: points.map((_, index) => index === 0 ? colours.heldOut : colours.train),
            size: points.map((_, index) => index === 0 ? 11 : 6),
            opacity: points.length > MOST_BARS ? 0.5 : 0.8,
          },
          ...hasBars
            ? {
              error_y: {
                type: "data",
                symmetric: false,
                array: points.map(({ mean, interval }) => (interval?.high ?? mean) - mean),
                arrayminus: points.map(({ mean, interval }) => mean - (interval?.low ?? mean)),
                color: colours.train,
                thickness: 1,
                width: 0,
              },
            }
            : {},
        },
      }],
      layout: {
        showlegend: false,
        xaxis: {
          title: { text: plain(parameter.name) },
          ...isCategory
            ? { type: "category", categoryarray: scale.ticks.map(({ text }) => text) }
            : {
              ...scale.kind === "log" ? { type: "log" } : {},
              ...numberTicks(values as readonly number[], scale),
            },
        },
        yaxis: {
          title: { text: withUnit(wordsOf(withoutSplit(metric.name)), metric.facts) },
          ...isShare ? { range: [-0.03, 1.05] } : {},
        },
      },
    },
  };
}

/** Whether only powers of ten have room on a logarithmic axis. */
const isWide = (values: readonly number[]): boolean =>
  Math.min(...values) > 0 && Math.max(...values) >= 100 * Math.min(...values);

/** Ticks at the values themselves, where there is room for them: those are the ones that a reader looks for. */
function numberTicks(values: readonly number[], { kind, place }: ParameterScale) {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  return hasRoom(distinct.map(place))
    ? { tickvals: distinct, ticktext: distinct.map(valueText) }
    : { tickformat: "~g", ...kind === "log" && isWide(distinct) ? { dtick: 1 } : {} };
}

/** Whether no two places on an axis, in order, are closer than those of 12 values at even distances. */
const hasRoom = (places: readonly number[]): boolean =>
  places.every((place, index) => index === 0 || place - places[index - 1]! > 1 / 11.5);
