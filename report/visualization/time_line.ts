/** A line over the steps of a sequence. */
import { palette } from "../figures/chart.ts";
import { lineMode } from "../figures/line_mode.ts";

/**
 * One number a step as a line of Plotly; what is not finite is a gap.
 *
 * @param options.x the numbers of the steps.
 * @param options.colour which colour of the palette.
 */
export function timeLine(
  name: string,
  values: Iterable<number>,
  { x, colour, dash = "solid" }: {
    x: readonly number[];
    colour: number;
    dash?: "solid" | "dot";
  },
) {
  const y = Array.from(
    values,
    (value) => Number.isFinite(value) ? Number(value.toPrecision(6)) : null,
  );
  return {
    plotly: {
      ...{ type: "scatter", mode: lineMode(y), name, x, y },
      line: { color: palette[colour % palette.length], width: 2, dash },
      marker: { size: 8 },
      hovertemplate: "step %{x}: %{y:.4~g}<extra></extra>",
    },
  };
}
