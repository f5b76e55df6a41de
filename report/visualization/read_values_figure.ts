import type { Probe, Series } from "../../analysis/probe/probe_network.ts";
import { type Figure, palette } from "../figures/chart.ts";
import { type ChartTarget, timeChart } from "./figures.ts";
import type { NetworkView } from "./network_view.ts";
import { frameNumbers } from "./scene_marks.ts";
import { titleOf } from "./titles.ts";

/** The numbers of a step, one per step, that the loss reads beside the output: what it judges. */
function readSeries({ task, states, observed }: Probe): readonly Series[] {
  const { reads = {} } = task.loss;
  const names = new Set([...reads.observed ?? [], ...reads.state ?? []]);
  return [...states, ...observed].filter(({ name, shape }) =>
    shape.length === 0 && names.has(name)
  );
}

/** What a loss reads of a network over time, a line each; none of a loss that reads the output alone. */
export function readValuesFigure(view: NetworkView, target: ChartTarget): readonly Figure[] {
  const series = readSeries(view.probe);
  if (series.length === 0) return [];
  const chart = timeChart(`${target.id}-read`, { view, target });
  const lines = series.map(({ name, values }, index) => ({
    plotly: {
      type: "scatter",
      mode: "lines",
      x: frameNumbers(view.probe),
      y: [...values].map((value) => Number.isFinite(value) ? Number(value.toPrecision(6)) : null),
      name: titleOf(name),
      line: { color: palette[index % palette.length], width: 2 },
    },
  }));
  return [{
    chart: {
      ...chart,
      traces: lines,
      layout: {
        ...chart.layout,
        showlegend: true,
        legend: { orientation: "h", x: 0, xanchor: "left", y: -0.2, yanchor: "top" },
        yaxis: { title: { text: "value" }, automargin: false },
      },
    },
    title: "What the loss reads",
    caption: "The numbers of each step that the loss is made of, beside the output.",
  }];
}
