/** What a figure hands to the page: numbers and our own words, never text of the run's files. */

/** Attributes of a Plotly trace or layout. */
export type PlotlyAttributes = Readonly<Record<string, unknown>>;

export interface ChartTrace {
  readonly plotly: PlotlyAttributes;
  /** Index into the chart's `rows`: the metrics rows behind the trace's y values. */
  readonly rows?: number;
  /** Drawn only while this replica is chosen; without it, always. */
  readonly replica?: number;
}

export interface Chart {
  readonly id: string;
  /** Sets of metrics row numbers; the page turns them into x values on the chosen axis. */
  readonly rows: readonly (readonly number[])[];
  readonly traces: readonly ChartTrace[];
  readonly layout: PlotlyAttributes;
}

/** One figure of the report. */
export interface Figure {
  readonly chart: Chart;
  /** Heading; may quote the run's files, so the page must escape it. */
  readonly title: string;
  /** What is drawn, in a sentence; may quote the run's files, so the page must escape it. */
  readonly caption: string;
}

/** One colour for each role, legible on a light and on a dark page. */
export const colours = {
  train: "#3b7dd8",
  heldOut: "#e0762f",
  third: "#2f9e77",
  fourth: "#9a6bd0",
  bound: "#8a8f98",
} as const;
