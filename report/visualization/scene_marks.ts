/** Marks of scenes on a time axis: lines between them, their numbers, and bars that show repeats. */
import type { PlotlyAttributes } from "../figures/chart.ts";
import { colours } from "../figures/chart.ts";
import type { Probe } from "../../analysis/probe/probe_network.ts";

const newColour = colours.bound;
const repeatColour = colours.heldOut;

/** More scene numbers than this would overlap. */
const MOST_NUMBERS = 40;

/** Numbers of the drawn frames, counted from 1. */
export const frameNumbers = ({ start, steps }: Probe): number[] =>
  Array.from({ length: steps }, (_, step) => start + step + 1);

/** Shapes and annotations for a chart over `frameNumbers`; none if the task has no scenes. */
export function sceneMarks(
  { scenes = [] }: Probe,
): { shapes: PlotlyAttributes[]; annotations: PlotlyAttributes[] } {
  const spans = scenes.map(({ number, start, frames, isRepeat }) => ({
    number,
    isRepeat,
    from: start + 0.5,
    to: start + frames + 0.5,
  }));
  return {
    shapes: [
      ...spans.slice(1).map(({ from }) => ({
        type: "line",
        x0: from,
        x1: from,
        yref: "paper",
        y0: 0,
        y1: 1,
        line: { color: newColour, width: 0.6 },
      })),
      ...spans.map(({ from, to, isRepeat }) => ({
        type: "rect",
        x0: from,
        x1: to,
        yref: "paper",
        y0: 1.01,
        y1: 1.035,
        fillcolor: isRepeat ? repeatColour : newColour,
        opacity: isRepeat ? 1 : 0.35,
        line: { width: 0 },
      })),
    ],
    annotations: scenes.length > MOST_NUMBERS
      ? []
      : spans.map(({ number, from, to, isRepeat }) => ({
        x: (from + to) / 2,
        y: 1.04,
        yref: "paper",
        yanchor: "bottom",
        text: isRepeat ? `<b>${number + 1}</b>` : String(number + 1),
        showarrow: false,
        font: { size: 11, ...isRepeat ? { color: repeatColour } : {} },
      })),
  };
}

/** A sentence for the caption; empty if there are no marks. */
export function marksNote({ scenes, interval }: Probe): string {
  if (!scenes) return "";
  return `Numbers on top: scenes; orange ones were shown ${interval} ${
    interval === 1 ? "scene" : "scenes"
  } before.`;
}

/** A drawn step in words: "frame 9: scene 3, frame 1 of 4, new". */
export function describeStep({ start, scenes, interval, steps }: Probe, step: number): string {
  const frame = start + step;
  const scene = scenes?.find((candidate) => frame < candidate.start + candidate.frames);
  if (!scene) return `step ${step + 1} of ${steps}`;
  const place = scene.frames === 1 ? "" : `, frame ${frame - scene.start + 1} of ${scene.frames}`;
  const novelty = scene.isRepeat ? `repeats scene ${scene.number + 1 - interval!}` : "new";
  return `frame ${frame + 1}: scene ${scene.number + 1}${place}, ${novelty}`;
}
