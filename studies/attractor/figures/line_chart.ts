/** A chart of lines with intervals on numeric axes: most figures of the studies are one. */
import { type ChartTrace, colours, type Figure, palette } from "../../../report/figures/chart.ts";

export interface Line {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Lower ends of an interval around each y. */
  readonly low?: readonly number[];
  /** Upper ends. */
  readonly high?: readonly number[];
  /** Lines of a group share a colour and an entry in the legend, that of the first solid line. */
  readonly group?: string;
  /** Index of a colour; default: the index of the group, or of a line without group. */
  readonly colour?: number;
  readonly dash?: "solid" | "dash" | "dot";
  readonly isThin?: boolean;
}

export interface LineFigure {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Whether values are shares or overlaps: the axis goes from 0 to 1, or from -1 if one is negative. */
  readonly isShare?: boolean;
  readonly isLogX?: boolean;
  /** Whether every point has a marker. */
  readonly hasMarkers?: boolean;
  readonly lines: readonly Line[];
  /** Vertical lines with a text. */
  readonly marks?: readonly { readonly x: number; readonly text: string }[];
}

/** Most groups of a legend below the plot; a longer legend stands in a column beside it. */
const MOST_BELOW = 5;

/** Draws lines as one chart. */
export function drawLines(
  { id, title, caption, xTitle, yTitle, lines, marks = [], ...options }: LineFigure,
): Figure {
  const groups = [...new Set(lines.map(({ group, name }) => group ?? name))];
  const hasLegendColumn = groups.length > MOST_BELOW;
  return {
    title,
    caption,
    chart: {
      id,
      rows: [],
      traces: lines.map((line) => drawLine(line, { lines, groups, ...options })),
      layout: {
        xaxis: {
          title: { text: xTitle },
          ...options.isLogX ? { type: "log", tickformat: "~g" } : { rangemode: "tozero" },
        },
        yaxis: {
          title: { text: yTitle },
          ...options.isShare ? { range: [hasNegative(lines) ? -1.05 : -0.03, 1.05] } : {},
        },
        // Room for the names of the marks, between the plot and the toolbar.
        ...marks.length > 0 ? { margin: { l: 56, r: 12, t: 48, b: 44 } } : {},
        showlegend: groups.length > 1,
        ...hasLegendColumn
          ? {
            legend: {
              orientation: "v",
              x: 1.02,
              xanchor: "left",
              y: 1,
              yanchor: "top",
              font: { size: 11 },
            },
          }
          // Below: the toolbar stands above the plot.
          : { legend: { orientation: "h", x: 0, xanchor: "left", y: -0.16, yanchor: "top" } },
        shapes: marks.map(({ x }) => ({
          type: "line",
          x0: x,
          x1: x,
          yref: "paper",
          y0: 0,
          y1: 1,
          line: { color: colours.bound, width: 1.5, dash: "dash" },
        })),
        annotations: marks.map(({ x, text }) => ({
          x,
          // Above the plot, where no line crosses it.
          y: 1,
          yref: "paper",
          yanchor: "bottom",
          xanchor: "center",
          text,
          showarrow: false,
          font: { color: colours.bound, size: 11 },
        })),
      },
    },
  };
}

const hasNegative = (lines: readonly Line[]): boolean =>
  lines.some(({ y }) => y.some((value) => value < -0.02));

function drawLine(
  line: Line,
  { lines, groups, hasMarkers = false }: Pick<LineFigure, "lines" | "hasMarkers"> & {
    groups: readonly string[];
  },
): ChartTrace {
  const { name, x, y, low, high, group = name, dash = "solid", isThin = false } = line;
  const color = palette[(line.colour ?? groups.indexOf(group)) % palette.length];
  const groupLines = lines.filter((other) => (other.group ?? other.name) === group);
  const legendLine = groupLines.find(({ dash = "solid" }) => dash === "solid") ?? groupLines[0];
  const sixDigits = (values: readonly number[]) =>
    values.map((value) => Number.isFinite(value) ? Number(value.toPrecision(6)) : null);
  return {
    plotly: {
      type: "scatter",
      mode: hasMarkers || x.length === 1 ? "lines+markers" : "lines",
      name: group,
      x: sixDigits(x),
      y: sixDigits(y),
      ...low && high
        ? {
          error_y: {
            type: "data",
            array: sixDigits(high.map((value, index) => value - y[index]!)),
            arrayminus: sixDigits(low.map((value, index) => y[index]! - value)),
            thickness: 1,
            width: 2,
          },
        }
        : {},
      line: { color, dash, width: isThin ? 1 : 2 },
      marker: { color, size: 6 },
      opacity: isThin ? 0.6 : 1,
      legendgroup: group,
      showlegend: line === legendLine,
      hovertemplate: `${name}: %{y:.4~g} at %{x:.4~g}<extra></extra>`,
    },
  };
}
