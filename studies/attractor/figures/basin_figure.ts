/** Exact recall against the share of flipped bits of the first state. */
import type { Figure } from "../../../report/figures/chart.ts";
import { flipsOf, type Matrix, matrixNames, recallShare } from "../measures.ts";
import type { PointResult } from "../results.ts";
import { drawLines, type Line } from "../../figures/line_chart.ts";

export interface BasinLine {
  readonly name: string;
  readonly point: PointResult;
  /** Default: the learned one. */
  readonly matrix?: Matrix;
  /** Index of a colour. */
  readonly colour?: number;
}

const dashes = { learned: "solid", hebb: "dot", pseudo_inverse: "dash" } as const;

/** Lines of the points that have been examined, and have such a matrix. */
export function basinLines(lines: readonly BasinLine[]): Line[] {
  return lines.flatMap(({ name, point, matrix = "learned", colour }): Line[] => {
    const shares = flipsOf(point).flatMap((flips) => {
      const recall = recallShare(point, { flips, matrix });
      return recall && recall.share !== null ? [{ ...recall, flips, share: recall.share }] : [];
    });
    if (shares.length === 0) return [];
    return [{
      name: matrix === "learned" ? name : `${name}, ${matrixNames[matrix]}`,
      group: name,
      x: shares.map(({ flips }) => 100 * flips),
      y: shares.map(({ share }) => share),
      low: shares.map(({ low }) => low),
      high: shares.map(({ high }) => high),
      dash: dashes[matrix],
      ...colour === undefined ? {} : { colour },
    }];
  });
}

/** Undefined if nothing has been examined. */
export function basinFigure(
  id: string,
  { title, caption = "", lines }: {
    title: string;
    caption?: string;
    lines: readonly BasinLine[];
  },
): Figure | undefined {
  const drawnLines = basinLines(lines);
  if (drawnLines.length === 0) return undefined;
  return drawLines({
    id,
    title,
    caption:
      "Tries whose every bit is right in the end, from first states with exactly that share " +
      `of bits flipped and no input; 95% intervals over the seeds. ${caption}`.trim(),
    xTitle: "bits flipped, %",
    yTitle: "exact recall",
    isShare: true,
    hasMarkers: true,
    lines: drawnLines,
  });
}
