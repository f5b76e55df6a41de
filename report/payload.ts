/** What the page's script reads: the charts, and the x values of the rows that they draw. */
import type { RunAxes } from "./axes.ts";
import type { Chart } from "./figures/chart.ts";

/** A list or slider of the page that chooses what is drawn. */
export interface Control {
  /** The value when the page opens. */
  readonly initial: number;
  /** Text beside the control at each value 0, 1, ...: fixed words and numbers only. */
  readonly texts?: readonly string[];
}

export interface Payload {
  /** x values of the drawn rows, by axis. */
  readonly axes: Readonly<Record<string, readonly number[]>>;
  readonly axisTitles: Readonly<Record<string, string>>;
  /** The axis when the page opens. */
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
 * Numbers the rows of all charts anew, so that the axes hold drawn rows only. A run may log far
 * more lines than its thinned curves show.
 */
export function buildPayload({ axes, controls = {}, charts }: PayloadParts): Payload {
  const used = [...new Set(charts.flatMap(({ rows }) => rows.flat()))].sort((a, b) => a - b);
  const newRow = new Map(used.map((row, index) => [row, index]));
  const values = Object.entries(axes.values)
    .map(([axis, column]) => [axis, used.map((row) => column[row] ?? NaN)] as const);
  return {
    axes: Object.fromEntries(values),
    axisTitles: axes.titles,
    axis: Object.keys(axes.values)[0] ?? "",
    controls,
    charts: charts.map((chart) => ({
      ...chart,
      rows: chart.rows.map((set) => set.map((row) => newRow.get(row) ?? 0)),
    })),
  };
}
