import type { Series } from "../../analysis/probe/probe_network.ts";
import type { Figure } from "../figures/chart.ts";
import { type ChartTarget, timeChart } from "./figures.ts";
import type { NetworkView } from "./network_view.ts";
import { frameNumbers, marksNote } from "./scene_marks.ts";
import { timeLine } from "./time_line.ts";
import { titleOf } from "./titles.ts";

/** Those of the values that the loss reads beside the output: what it judges. */
function readOf({ probe: { task } }: NetworkView, series: readonly Series[]): string {
  const { reads = {} } = task.loss;
  const names = new Set([...reads.observed ?? [], ...reads.state ?? []]);
  const read = series.filter(({ name }) => names.has(name)).map(({ name }) => titleOf(name));
  return read.length === 0 ? "" : `The loss reads ${read.join(", ")}.`;
}

/** States and observed values that are one number a step, a line each; none of a network without. */
export function stepNumbersFigure(view: NetworkView, target: ChartTarget): readonly Figure[] {
  const { probe } = view;
  const series = [...probe.states, ...probe.observed].filter(({ shape }) => shape.length === 0);
  if (series.length === 0) return [];
  const chart = timeChart(`${target.id}-numbers`, { view, target });
  const x = frameNumbers(probe);
  return [{
    chart: {
      ...chart,
      traces: series.map(({ name, values }, colour) =>
        timeLine(titleOf(name), values, { x, colour })
      ),
      layout: {
        ...chart.layout,
        showlegend: true,
        legend: { orientation: "h", x: 0, xanchor: "left", y: -0.2, yanchor: "top" },
        yaxis: { title: { text: "value" }, automargin: false },
      },
    },
    title: "Numbers of each step",
    caption: [
      "States and observed values that are one number.",
      readOf(view, series),
      marksNote(probe),
    ]
      .filter((part) => part !== "").join(" "),
  }];
}
