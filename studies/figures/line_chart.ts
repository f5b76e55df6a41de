/** A chart of lines with intervals on numeric axes: most figures of the studies are one. */
import { type ChartTrace, colours, type Figure, palette } from "../../report/figures/chart.ts";

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
  readonly isLogY?: boolean;
  /** Whether every point has a marker. */
  readonly hasMarkers?: boolean;
  /** Whether intervals are bands around the lines, instead of bars at the points. */
  readonly hasBands?: boolean;
  readonly lines: readonly Line[];
  /** Vertical lines with a text. */
  readonly marks?: readonly { readonly x: number; readonly text: string }[];
  /** Horizontal lines with a text. */
  readonly levels?: readonly { readonly y: number; readonly text: string }[];
}

/** Most groups of a legend below the plot; a longer legend stands in a column beside it. */
const MOST_BELOW = 5;

/** Draws lines as one chart. */
export function drawLines(
  { id, title, caption, xTitle, yTitle, lines, marks = [], levels = [], ...options }: LineFigure,
): Figure {
  const groups = [...new Set(lines.map(({ group, name }) => group ?? name))];
  const hasLegendColumn = groups.length > MOST_BELOW;
  return {
    title,
    caption,
    chart: {
      id,
      rows: [],
      traces: lines.flatMap((line) => [
        ...options.hasBands ? drawBand(line, { groups }) : [],
        drawLine(line, { lines, groups, ...options }),
      ]),
      layout: {
        xaxis: {
          title: { text: xTitle },
          ...options.isLogX ? { type: "log", tickformat: "~g" } : { rangemode: "tozero" },
        },
        yaxis: {
          title: { text: yTitle },
          ...options.isShare ? { range: [hasNegative(lines) ? -1.05 : -0.03, 1.05] } : {},
          ...options.isLogY ? { type: "log", tickformat: "~g" } : {},
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
        shapes: [
          ...marks.map(({ x }) => ({ ...bound, x0: x, x1: x, yref: "paper", y0: 0, y1: 1 })),
          ...levels.map(({ y }) => ({ ...bound, xref: "paper", x0: 0, x1: 1, y0: y, y1: y })),
        ],
        annotations: [
          // Above the plot, where no line crosses it.
          ...marks.map(({ x, text }) => ({
            ...{ x, y: 1, yref: "paper", xanchor: "center", text },
            ...boundText,
          })),
          ...levels.map(({ y, text }) => ({
            ...{ x: 0, xref: "paper", xanchor: "left", text, ...boundText },
            // Plotly takes the place of a text on a logarithmic axis as a power of ten.
            y: options.isLogY ? Math.log10(y) : y,
          })),
        ],
      },
    },
  };
}

const bound = { type: "line", line: { color: colours.bound, width: 1.5, dash: "dash" } } as const;
const boundText = {
  yanchor: "bottom",
  showarrow: false,
  font: { color: colours.bound, size: 11 },
} as const;

const hasNegative = (lines: readonly Line[]): boolean =>
  lines.some(({ y }) => y.some((value) => value < -0.02));

const sixDigits = (values: readonly number[]) =>
  values.map((value) => Number.isFinite(value) ? Number(value.toPrecision(6)) : null);

const colourOf = ({ name, group = name, colour }: Line, groups: readonly string[]): string =>
  palette[(colour ?? groups.indexOf(group)) % palette.length]!;

/** Edges of an interval along a line, with a faint colour between them; none where it has no interval. */
function drawBand(
  line: Line,
  { groups }: { groups: readonly string[] },
): ChartTrace[] {
  const { name, x, low, high, group = name } = line;
  if (!low || !high) return [];
  const color = colourOf(line, groups);
  const edge = (y: readonly number[], rest: object): ChartTrace => ({
    plotly: {
      type: "scatter",
      mode: "lines",
      x: sixDigits(x),
      y: sixDigits(y),
      line: { color, width: 0 },
      legendgroup: group,
      showlegend: false,
      hoverinfo: "skip",
      ...rest,
    },
  });
  // The palette is of #rrggbb: two digits more are an eighth of opacity.
  return [edge(low, {}), edge(high, { fill: "tonexty", fillcolor: `${color}20` })];
}

function drawLine(
  line: Line,
  { lines, groups, hasMarkers = false, hasBands = false }:
    & Pick<LineFigure, "lines" | "hasMarkers" | "hasBands">
    & { groups: readonly string[] },
): ChartTrace {
  const { name, x, y, low, high, group = name, dash = "solid", isThin = false } = line;
  const color = colourOf(line, groups);
  const groupLines = lines.filter((other) => (other.group ?? other.name) === group);
  const legendLine = groupLines.find(({ dash = "solid" }) => dash === "solid") ?? groupLines[0];
  return {
    plotly: {
      type: "scatter",
      mode: hasMarkers || x.length === 1 ? "lines+markers" : "lines",
      name: group,
      x: sixDigits(x),
      y: sixDigits(y),
      ...low && high && !hasBands
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
