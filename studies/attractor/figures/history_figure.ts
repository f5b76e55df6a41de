/** Retention and reaction over the updates of a training. */
import type { Figure } from "../../../report/figures/chart.ts";
import type { PointResult } from "../results.ts";
import { drawLines, type Line } from "../../figures/line_chart.ts";

/** A line for each network; runs that diverged are left out. */
export function historyLines(
  points: readonly { readonly name: string; readonly point: PointResult }[],
  { metric }: { metric: "retention" | "reaction" },
): Line[] {
  return points.flatMap(({ name, point }, colour) =>
    point.networks.filter(({ history, outcome }) =>
      history.updates.length > 0 && outcome !== "diverged"
    )
      .map(({ seed, history }): Line => ({
        name: `${name}, seed ${seed}`,
        group: name,
        colour,
        x: history.updates,
        y: history[metric],
        isThin: true,
      }))
  );
}

/** Undefined if nothing has been trained. */
export function historyFigure(
  id: string,
  { title, points, metric = "retention" }: {
    title: string;
    points: readonly { readonly name: string; readonly point: PointResult }[];
    metric?: "retention" | "reaction";
  },
): Figure | undefined {
  const lines = historyLines(points, { metric });
  if (lines.length === 0) return undefined;
  return drawLines({
    id,
    title,
    caption: `${
      metric === "retention"
        ? "Mean overlap after the presentation"
        : "Largest overlap during the presentation"
    }, of the sequences trained on, before their updates; mean of 10 to 20 updates. A line a seed; what diverged is left out.`,
    xTitle: "updates",
    yTitle: metric,
    isShare: true,
    lines,
  });
}
