/** An output that is no classification, as lines over time, with the targets that it is to follow. */
import { sizeOf } from "../../core/axes.ts";
import type { Probe } from "../../analysis/probe/probe_network.ts";
import { type Figure, palette } from "../figures/chart.ts";
import { type ChartTarget, timeChart } from "./figures.ts";
import { isJudged, type NetworkView } from "./network_view.ts";
import { frameNumbers, marksNote } from "./scene_marks.ts";

/** More lines than this cannot be told apart: such an output is a heat map. */
const MOST_LINES = 8;

/** Whether the output is drawn as lines. */
export const hasTraces = ({ task, output }: Probe): boolean =>
  !task.loss.isClassification && sizeOf(output.shape) <= MOST_LINES;

/** Outputs are solid, the targets of judged steps dotted in the same colour. */
export function tracesFigure(view: NetworkView, target: ChartTarget): Figure {
  const { probe } = view;
  const units = Array.from({ length: sizeOf(probe.output.shape) }, (_, unit) => unit);
  const chart = timeChart(`${target.id}-output`, { view, target });
  const targets = targetsOf(probe);
  const nameOf = (what: string, unit: number) => units.length === 1 ? what : `${what} ${unit}`;
  const line = (name: string, y: (number | null)[], unit: number, dash: "solid" | "dot") => ({
    plotly: {
      ...{ type: "scatter", mode: "lines", name, x: frameNumbers(probe), y },
      line: { color: palette[unit % palette.length], width: 2, dash },
      hovertemplate: "step %{x}: %{y:.4~g}<extra></extra>",
    },
  });
  return {
    chart: {
      ...chart,
      traces: units.flatMap((unit) => [
        line(
          nameOf("output", unit),
          overTime(probe.output.values, unit, units.length),
          unit,
          "solid",
        ),
        ...targets
          ? [line(nameOf("target", unit), overTime(targets, unit, units.length), unit, "dot")]
          : [],
      ]),
      layout: {
        ...chart.layout,
        showlegend: true,
        legend: { orientation: "h", x: 0, xanchor: "left", y: -0.2, yanchor: "top" },
        yaxis: { title: { text: "output" }, automargin: false },
      },
    },
    title: "Output",
    caption: `What the network puts out.${targets ? " Dotted: the targets of judged steps." : ""} ${
      marksNote(probe)
    }`.trim(),
  };
}

/** One unit of values [steps, units]; what is not finite is a gap. */
const overTime = (values: ArrayLike<number>, unit: number, units: number): (number | null)[] =>
  Array.from({ length: values.length / units }, (_, step) => {
    const value = values[step * units + unit]!;
    return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
  });

/** The targets [steps, units], NaN at steps that are not judged; undefined if none are like the output. */
function targetsOf(probe: Probe): Float32Array | undefined {
  const { inputs, output, steps } = probe;
  const targets = inputs["target"];
  const units = sizeOf(output.shape);
  if (targets?.length !== steps * units) return undefined;
  return Float32Array.from(
    targets,
    (value, index) => isJudged(probe, Math.floor(index / units)) ? value : NaN,
  );
}
