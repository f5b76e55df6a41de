/** What the page's script reads: the charts, and the x values of the rows that they draw. */
import type { RunAxes } from "./axes.ts";
import type { Chart, Choice } from "./figures/chart.ts";

export interface Payload {
  /** By axis: [drawn rows]. */
  readonly axes: Readonly<Record<string, readonly number[]>>;
  readonly axisTitles: Readonly<Record<string, string>>;
  /** Chosen at first. */
  readonly axis: string;
  /** First values of the controls that choose what is drawn, by name. */
  readonly controls: Choice;
  readonly charts: readonly Chart[];
}

export interface PayloadParts {
  readonly axes: RunAxes;
  readonly controls?: Choice;
  readonly charts: readonly Chart[];
}

/**
 * Numbers the rows of all charts anew, so that the axes carry the drawn rows alone: a run may log
 * far more lines than a thinned curve shows.
 */
export function buildPayload({ axes, controls = {}, charts }: PayloadParts): Payload {
  const used = [...new Set(charts.flatMap(({ rows }) => rows.flat()))].sort((a, b) => a - b);
  const place = new Map(used.map((row, index) => [row, index]));
  const values = Object.entries(axes.values)
    .map(([axis, column]) => [axis, used.map((row) => column[row] ?? NaN)] as const);
  return {
    axes: Object.fromEntries(values),
    axisTitles: axes.titles,
    axis: Object.keys(axes.values)[0] ?? "",
    controls,
    charts: charts.map((chart) => ({
      ...chart,
      rows: chart.rows.map((set) => set.map((row) => place.get(row) ?? 0)),
    })),
  };
}
