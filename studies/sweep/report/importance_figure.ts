/** How much the settings of a sweep matter, as bars. */
import { colours, type Figure } from "../../../report/figures/chart.ts";
import { plain } from "../../../report/plain_text.ts";

/** A bar for each setting, the most important one on top. */
export function importanceFigure(
  bars: readonly {
    readonly name: string;
    readonly share: number;
    readonly trend?: number | undefined;
  }[],
): Figure {
  const upward = bars.toReversed();
  return {
    title: "Importance of settings",
    caption:
      "Share of the variance of the points' ranks that a setting explains alone, corrected for chance (ε²): 1, it alone " +
      "decides; 0, it alone says nothing, though it may matter together with others. In brackets: the rank correlation " +
      "of its values with how good points are; above 0, larger values are better.",
    chart: {
      id: "importance",
      rows: [],
      traces: [{
        plotly: {
          type: "bar",
          orientation: "h",
          x: upward.map(({ share }) => share),
          y: upward.map(({ name }) => plain(name)),
          text: upward.map(({ share, trend }) =>
            share.toFixed(2) +
            (trend === undefined ? "" : ` (${trend < 0 ? "" : "+"}${trend.toFixed(2)})`)
          ),
          textposition: "outside",
          cliponaxis: false,
          marker: { color: colours.third },
          hoverinfo: "skip",
        },
      }],
      layout: {
        height: Math.max(160, 90 + 34 * bars.length),
        showlegend: false,
        margin: { l: 8, r: 84, t: 12, b: 44 },
        xaxis: { title: { text: "share explained" }, range: [0, 1.05] },
        yaxis: { type: "category" },
      },
    },
  };
}
