/** A figure over the length of a run: its lines, and how to draw them. */
import type { Figure } from "./chart.ts";
import { thinningNote } from "./curve.ts";
import { type CurveOptions, dashNote, drawCurves, type Line } from "./draw_curves.ts";

export interface CurvePanel {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  /** Without any the figure is left out. */
  readonly lines: readonly Line[];
  readonly options: CurveOptions;
}

export function drawPanel({ id, title, caption, lines, options }: CurvePanel): Figure {
  const notes = [caption, dashNote(lines), thinningNote(lines.map(({ curve }) => curve))];
  return {
    chart: drawCurves(id, lines, options),
    title,
    caption: notes.filter((note) => note !== "").join(" "),
  };
}
