/** What the page's script reads: the charts, and the x values of the rows that they draw. */
import type { RunAxes } from "./axes.ts";
import type { Chart } from "./figures/chart.ts";

/** A list or slider of the page that chooses what is drawn. */
export interface Control {
  /** Its value at first. */
  readonly initial: number;
  /** What to say beside it at each of its values 0, 1, ...; our own words and numbers alone. */
  readonly texts?: readonly string[];
}

export interface Payload {
  /** By axis: [drawn rows]. */
  readonly axes: Readonly<Record<string, readonly number[]>>;
  readonly axisTitles: Readonly<Record<string, string>>;
  /** Chosen at first. */
  readonly axis: string;
  /** By name. */
  readonly controls: Readonly<Record<string, Control>>;
  readonly charts: readonly Chart[];
}

export interface PayloadParts {
  readonly axes: RunAxes;
  readonly controls?: Readonly<Record<string, Control>>;
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
