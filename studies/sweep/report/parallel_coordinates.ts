/**
 * The points of a sweep as lines through one axis for each setting, and one for the metric. (Plotly has a trace for
 * that, which needs WebGL and code that is made in the page; the policy of a report allows no such code.)
 */
import type { Chart, ChartTrace } from "../../../report/figures/chart.ts";
import { colours } from "../../../report/figures/chart.ts";
import { plain } from "../../../report/plain_text.ts";
import { outcomeText } from "../results_text.ts";
import type { SweepPoint } from "../results.ts";
import type { ParameterScale } from "./parameter_scale.ts";

/** An axis, with the place of each point on it. */
export interface CoordinateAxis {
  readonly name: string;
  readonly ticks: ParameterScale["ticks"];
  /** [points], between 0 and 1. */
  readonly places: readonly number[];
}

/** From the worst points to the best. */
const shades = ["#8a8f98", "#7fa6c9", "#3b7dd8", "#2f9e77", "#e0762f"] as const;
const opacities = [0.15, 0.3, 0.5, 0.75, 1] as const;

/**
 * Draws points as lines, the best ones on top.
 *
 * @param points best first.
 */
export function drawParallel(
  points: readonly SweepPoint[],
  axes: readonly CoordinateAxis[],
): Chart {
  const shadeOf = (rank: number) => {
    // The best tenth, the next, and the rest in three parts.
    const share = rank / points.length;
    return [0.1, 0.3, 0.55, 0.8, Infinity].findIndex((end) => share < end);
  };
  const groups = Map.groupBy(points.keys(), shadeOf);
  const traces = [...groups].toSorted(([a], [b]) => b - a)
    .map(([shade, indices]) => lines(indices, { shade: shades.length - 1 - shade, points, axes }));
  return {
    id: "parallel",
    rows: [],
    traces,
    layout: {
      height: 420,
      margin: { l: 56, r: 72, t: 28, b: 44 },
      showlegend: false,
      xaxis: {
        tickvals: axes.map((_, index) => index),
        ticktext: axes.map(({ name }) => plain(name)),
        range: [-0.15, axes.length - 0.65],
        showgrid: false,
        zeroline: false,
        fixedrange: true,
      },
      yaxis: { visible: false, range: [-0.04, 1.06], fixedrange: true },
      shapes: axes.map((_, index) => ({
        type: "line",
        ...{ x0: index, x1: index, y0: 0, y1: 1 },
        line: { color: colours.bound, width: 1 },
      })),
      annotations: axes.flatMap(({ ticks }, index) =>
        ticks.map(({ place, text }) => ({
          ...{ x: index, y: place, text, showarrow: false },
          ...{ xanchor: "left", xshift: 6, font: { size: 11 } },
        }))
      ),
    },
  };
}

/** Lines of one shade as one trace, with gaps between. */
function lines(
  indices: readonly number[],
  { shade, points, axes }: {
    shade: number;
    points: readonly SweepPoint[];
    axes: readonly CoordinateAxis[];
  },
): ChartTrace {
  const x = indices.flatMap(() => [...axes.keys(), null]);
  const y = indices.flatMap((index) => [...axes.map(({ places }) => shown(places[index]!)), null]);
  const texts = indices.map((index) =>
    plain(`${points[index]!.label}: ${outcomeText(points[index]!)}`)
  );
  return {
    plotly: {
      type: "scatter",
      mode: "lines",
      ...{ x, y },
      text: texts.flatMap((text) => [...axes.map(() => text), null]),
      hoverinfo: "text",
      line: { color: shades[shade], width: shade === shades.length - 1 ? 2.5 : 1.2 },
      opacity: opacities[shade],
    },
  };
}

const shown = (value: number): number | null => Number.isFinite(value) ? value : null;
