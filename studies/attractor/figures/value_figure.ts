/** A measure against the value of a setting. */
import type { Figure } from "../../../report/figures/chart.ts";
import type { Proportion } from "../../../analysis/examine/examination.ts";
import type { Measure } from "../measures.ts";
import { drawLines, type Line, type LineFigure } from "./line_chart.ts";

/** One value of y at an x: a mean over seeds, or a share. */
export interface ValuePoint {
  readonly x: number;
  readonly y: Measure | Proportion | undefined;
}

export function valueLine(name: string, points: readonly ValuePoint[]): Line {
  const found = points.flatMap(({ x, y }) => {
    if (!y) return [];
    if ("share" in y) return y.share === null ? [] : [{ x, y: y.share, low: y.low, high: y.high }];
    return [{ x, y: y.mean, low: y.interval?.low ?? y.mean, high: y.interval?.high ?? y.mean }];
  }).sort((a, b) => a.x - b.x);
  return {
    name,
    x: found.map(({ x }) => x),
    y: found.map(({ y }) => y),
    low: found.map(({ low }) => low),
    high: found.map(({ high }) => high),
  };
}

export function valueFigure(
  { lines, ...figure }: Omit<LineFigure, "markers">,
): Figure | undefined {
  const drawn = lines.filter(({ x }) => x.length > 0);
  return drawn.length === 0 ? undefined : drawLines({ ...figure, lines: drawn, markers: true });
}
