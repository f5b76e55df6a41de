/** An output that is no classification, as lines over time, with the targets that it is to follow. */
import { sizeOf } from "../../core/axes.ts";
import type { Probe } from "../../analysis/probe/probe_network.ts";
import type { Figure } from "../figures/chart.ts";
import { type ChartTarget, timeChart } from "./figures.ts";
import { isJudged, type NetworkView } from "./network_view.ts";
import { frameNumbers, marksNote } from "./scene_marks.ts";
import { timeLine } from "./time_line.ts";

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
  const x = frameNumbers(probe);
  const line = (what: string, of: ArrayLike<number>, unit: number, dash: "solid" | "dot") =>
    timeLine(nameOf(what, unit), ofUnit(of, unit, units.length), { x, colour: unit, dash });
  return {
    chart: {
      ...chart,
      traces: units.flatMap((unit) => [
        line("output", probe.output.values, unit, "solid"),
        ...targets ? [line("target", targets, unit, "dot")] : [],
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

/** One unit of values [steps, units]. */
const ofUnit = (values: ArrayLike<number>, unit: number, units: number): number[] =>
  Array.from({ length: values.length / units }, (_, step) => values[step * units + unit]!);

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
