/** Draws curves as lines: a thin line for each replica, and their mean. */
import type { MetricFacts } from "../../core/losses/loss_metric.ts";
import { axisRange } from "./axis_range.ts";
import { capitalised } from "../metric_words.ts";
import { type Chart, type ChartTrace, colours, palette } from "./chart.ts";
import { type Curve, meanCurve, type SweptLines } from "./curve.ts";
import { lineMode } from "./line_mode.ts";

/** A curve with its name and colour in the legend. */
export interface Line {
  readonly label: string;
  readonly colour: string;
  readonly curve: Curve;
  /** Default: another one for each line of a chart, so that curves that coincide are all seen. */
  readonly dash?: Dash;
}

const dashes = ["solid", "dot", "dash", "dashdot"] as const;
type Dash = typeof dashes[number];

const dashOf = ({ dash }: Line, index: number): Dash => dash ?? dashes[index % dashes.length]!;

/** What the dashes of a sweep stand for, in a sentence; colours are its points. Empty for one line. */
export function dashNote(lines: readonly Line[]): string {
  if (lines.length < 2 || !lines.some(({ curve }) => curve.sweep)) return "";
  const names = { solid: "solid", dot: "dotted", dash: "dashed", dashdot: "dash and dot" };
  const kinds = Map.groupBy(lines, (line, index) => dashOf(line, index));
  const terms = [...kinds].map(([dash, group]) =>
    `${names[dash]}: ${group.map(({ label }) => label).join(" and ")}`
  );
  return `${capitalised(terms.join("; "))}.`;
}

/** A level that holds for the whole run, drawn dashed. */
export interface Level {
  readonly label: string;
  readonly value: number;
}

export interface CurveOptions {
  readonly yTitle: string;
  readonly levels?: readonly Level[];
  readonly yScale?: "linear" | "log";
  /** Draws stairs: a value holds until the next one. */
  readonly isStepped?: boolean;
  /** Where the values lie: of a metric, its facts. */
  readonly facts?: Partial<MetricFacts>;
  /** The end of the axis, from 0: larger values are left out. */
  readonly highest?: number;
  /** The values are whole numbers, and so are the ticks. */
  readonly isWhole?: boolean;
}

/** A line chart; the page adds the x values of the chosen axis. */
export function drawCurves(id: string, lines: readonly Line[], options: CurveOptions): Chart {
  const { yTitle, levels = [], facts = {}, isStepped = false } = options;
  const isFewWhole = options.isWhole === true && highestOf(lines) <= MOST_WHOLE_TICKS;
  const yScale = options.yScale === "log" && spanOf(lines) >= SHORTEST_LOG ? "log" : "linear";
  return {
    id,
    rows: lines.map(({ curve }) => curve.rows),
    traces: lines.flatMap((line, index) =>
      line.curve.sweep
        ? drawPoints(line, line.curve.sweep, { rows: index, isStepped })
        : drawLine(line, { rows: index, isStepped })
    ),
    layout: {
      yaxis: {
        title: { text: yScale === "log" ? `${yTitle}, logarithmic` : yTitle },
        type: yScale,
        ...(yScale === "log" ? { tickformat: "~g", ...logTicks(lines) } : {}),
        ...(options.highest === undefined ? axisRange(facts) : { range: [0, options.highest] }),
        // Plotly would cut a few whole numbers into fractions.
        ...(isFewWhole ? { dtick: 1 } : {}),
      },
      hovermode: lines.some(({ curve }) => curve.replicas.length > 1) ? "closest" : "x unified",
      shapes: levels.map(({ label, value }) => ({
        type: "line",
        xref: "paper",
        x0: 0,
        x1: 1,
        y0: value,
        y1: value,
        line: { color: colours.bound, width: 1.5, dash: "dash" },
        name: `${label} ${Number(value.toPrecision(3))}`,
        showlegend: true,
      })),
    },
  };
}

/** A label at each whole number up to this one; Plotly's own ticks are whole beyond. */
const MOST_WHOLE_TICKS = 8;

const highestOf = (lines: readonly Line[]): number =>
  lines.flatMap(({ curve }) => curve.replicas.flat())
    .reduce((highest, value) => value > highest ? value : highest, 0);

/** The least ratio of values that a logarithmic axis is worth; on a shorter one few ticks have labels. */
const SHORTEST_LOG = 10;

/** Ticks at 1, 2 and 5 if there are few decades; Plotly's default would crowd or miss them. */
const logTicks = (lines: readonly Line[]): { dtick?: string } =>
  spanOf(lines) < 1e3 ? { dtick: "D2" } : {};

/** The largest over the smallest of the positive values. */
function spanOf(lines: readonly Line[]): number {
  let lowest = Infinity, highest = 0;
  for (const value of lines.flatMap(({ curve }) => curve.replicas.flat())) {
    if (!(value > 0 && value < Infinity)) continue;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return highest / lowest;
}

function drawLine(
  source: Line,
  { rows, isStepped }: { rows: number; isStepped: boolean },
): ChartTrace[] {
  const { label, colour, curve } = source;
  const dash = dashOf(source, rows);
  const form = isStepped ? { shape: "hv" } : {};
  const many = curve.replicas.length > 1;
  const hover = (name: string) => `${name}: %{y:.4~g}<extra></extra>`;
  const thin = many
    ? curve.replicas.map((values, replica) => ({
      rows,
      plotly: {
        type: "scatter",
        ...drawn(values),
        line: { color: colour, width: 1, ...form },
        marker: { color: colour },
        opacity: 0.4,
        legendgroup: curve.key,
        showlegend: false,
        hovertemplate: hover(`${label}, replica ${replica}`),
      },
    }))
    : [];
  return [...thin, {
    rows,
    plotly: {
      type: "scatter",
      ...drawn(curve.mean),
      line: { color: colour, width: many ? 2.5 : 2, ...dash === "solid" ? {} : { dash }, ...form },
      marker: { color: colour },
      name: label,
      legendgroup: curve.key,
      showlegend: true,
      hovertemplate: hover(many ? `${label}, mean` : label),
    },
  }];
}

/** Single replicas that a figure of a sweep draws; of more than these, whose lines hide each other, the means. */
export const MOST_THIN = 128;

/** Points that a legend lists. */
const MOST_NAMED = 24;

/** A point of the sweep has a colour; several metrics of one figure differ in their dashes. */
function drawPoints(
  source: Line,
  { labels, points }: SweptLines,
  { rows, isStepped }: { rows: number; isStepped: boolean },
): ChartTrace[] {
  const { label, curve } = source;
  const dash = dashOf(source, rows);
  return points.flatMap(({ label: point, replicas }, index) => {
    const line = {
      color: pointColour(index, points.length),
      dash,
      ...isStepped ? { shape: "hv" } : {},
    };
    const trace = (
      values: readonly number[],
      { name, width, ...plotly }: { name: string; width: number; [key: string]: unknown },
    ): ChartTrace => ({
      rows,
      plotly: {
        type: "scatter",
        ...drawn(values),
        line: { ...line, width },
        marker: { color: line.color },
        name,
        legendgroup: `point ${index}`,
        hovertemplate: `${label}, ${name}: %{y:.4~g}<extra></extra>`,
        ...plotly,
      },
    });
    const thin = replicas.length === 1 || labels.length > MOST_THIN
      ? []
      : replicas.map((replica) =>
        trace(curve.replicas[replica]!, {
          name: labels[replica]!,
          width: 1,
          opacity: 0.35,
          showlegend: false,
        })
      );
    return [
      ...thin,
      // The legend names the points once, unless they are so many that it hides the lines, which tell theirs; what the dashes are stands in the caption.
      trace(meanCurve(curve, replicas), {
        name: point,
        width: 2,
        showlegend: rows === 0 && points.length <= MOST_NAMED,
      }),
    ];
  });
}

/** The palette, or evenly spaced hues if there are more points than colours in it. */
const pointColour = (index: number, points: number): string =>
  points <= palette.length ? palette[index]! : `hsl(${Math.round(360 * index / points)}, 60%, 50%)`;

/** A single evaluation, or one between gaps, is a point, which a line would not show. */
function drawn(values: readonly number[]): { mode: string; y: (number | null)[] } {
  const y = values.map(digits);
  return { mode: lineMode(y), y };
}

/** Six digits, which is more than a screen shows. NaN is null, which Plotly draws as a gap. */
function digits(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}
