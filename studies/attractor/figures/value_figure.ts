/** Measures against the value of a setting. */
import type { Figure } from "../../../report/figures/chart.ts";
import type { Proportion } from "../../../analysis/examine/examination.ts";
import type { Measure } from "../measures.ts";
import { drawLines, type Line, type LineFigure } from "../../figures/line_chart.ts";

/** A value of y at an x: a mean over seeds, or a share of tries. */
export interface ValuePoint {
  readonly x: number;
  readonly y: Measure | Proportion | undefined;
}

/** A line through the points that have a value, by rising x. */
export function valueLine(name: string, points: readonly ValuePoint[]): Line {
  const sorted = points.flatMap(({ x, y }) => {
    if (!y) return [];
    if ("share" in y) return y.share === null ? [] : [{ x, y: y.share, low: y.low, high: y.high }];
    return [{ x, y: y.mean, low: y.interval?.low ?? y.mean, high: y.interval?.high ?? y.mean }];
  }).sort((a, b) => a.x - b.x);
  return {
    name,
    x: sorted.map(({ x }) => x),
    y: sorted.map(({ y }) => y),
    low: sorted.map(({ low }) => low),
    high: sorted.map(({ high }) => high),
  };
}

/** Undefined if no line has a value. */
export function valueFigure(
  { lines, ...figure }: Omit<LineFigure, "markers">,
): Figure | undefined {
  const drawnLines = lines.filter(({ x }) => x.length > 0);
  return drawnLines.length === 0
    ? undefined
    : drawLines({ ...figure, lines: drawnLines, hasMarkers: true });
}
