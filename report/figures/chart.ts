/** What a figure hands to the page: numbers and fixed words, never text of the run's files. */

/** Attributes of a Plotly trace or layout. */
export type PlotlyAttributes = Readonly<Record<string, unknown>>;

/** The value of each control of the page, by the name of the control. */
export type Choice = Readonly<Record<string, number>>;

/** Matrices of one size, a matrix for each value of a control; see `packFrames`. */
export interface PackedFrames {
  readonly control: string;
  readonly rows: number;
  readonly columns: number;
  /** Codes -127 .. 127 stand for [-limit, limit]. */
  readonly limit: number;
  /** Base64 of int8 [frames, rows, columns]; -128 stands for NaN. */
  readonly codes: string;
}

/** A vertical line across a chart; a control moves it. */
export interface Cursor {
  readonly control: string;
  /** Position of the line at each value of the control. */
  readonly x: readonly number[];
}

export interface ChartTrace {
  readonly plotly: PlotlyAttributes;
  /** Index into the chart's `rows`: the metrics rows behind the trace's y values. */
  readonly rows?: number;
  /** The trace is drawn while the controls have these values; without it, always. */
  readonly when?: Choice;
  /** The values of a heat map at each value of a control. */
  readonly frames?: PackedFrames;
}

export interface Chart {
  readonly id: string;
  /** Sets of metrics row numbers; the page turns them into x values on the chosen axis. */
  readonly rows: readonly (readonly number[])[];
  readonly traces: readonly ChartTrace[];
  readonly layout: PlotlyAttributes;
  readonly cursor?: Cursor;
}

/** One figure of the report. */
export interface Figure {
  readonly chart: Chart;
  /** Heading; may quote the run's files, so the page must escape it. */
  readonly title: string;
  /** What is drawn, in a sentence; may quote the run's files, so the page must escape it. */
  readonly caption: string;
}

/** A colour for each role, legible on a light and on a dark page. */
export const colours = {
  train: "#3b7dd8",
  heldOut: "#e0762f",
  third: "#2f9e77",
  fourth: "#9a6bd0",
  bound: "#8a8f98",
} as const;

/** Colours of lines that have no role. */
export const palette: readonly string[] = [
  "#3b7dd8",
  "#e0762f",
  "#2f9e77",
  "#9a6bd0",
  "#c94f7c",
  "#7a8b2a",
  "#2aa3b8",
  "#b07b3e",
];
