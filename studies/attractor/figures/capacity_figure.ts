/** The share of patterns that are exact fixed points, against how many there are for each neuron. */
import type { Figure } from "../../../report/figures/chart.ts";
import { fixedShare, type Matrix, matrixNames } from "../measures.ts";
import type { PointResult } from "../results.ts";
import { drawLines, type Line } from "./line_chart.ts";

/** Of the Hebb rule with a few wrong bits allowed (Amit, Gutfreund and Sompolinsky 1985). */
export const CLASSICAL = 0.138;

export interface CapacityCurve {
  readonly name: string;
  readonly points: readonly PointResult[];
  readonly matrix: Matrix;
  readonly colour: number;
}

export function capacityLines(curves: readonly CapacityCurve[]): Line[] {
  return curves.flatMap(({ name, points, matrix, colour }): Line[] => {
    const found = points.flatMap((point) => {
      const share = fixedShare(point, matrix);
      const [network] = point.networks;
      return share?.share == null || !network
        ? []
        : [{ load: network.memories / network.neurons, ...share, share: share.share }];
    }).sort((a, b) => a.load - b.load);
    if (found.length === 0) return [];
    return [{
      name: `${name}${name === "" ? "" : ", "}${matrixNames[matrix]}`,
      x: found.map(({ load }) => load),
      y: found.map(({ share }) => share),
      low: found.map(({ low }) => low),
      high: found.map(({ high }) => high),
      ...name === "" ? {} : { group: name },
      dash: matrix === "learned" ? "solid" : matrix === "hebb" ? "dot" : "dash",
      colour,
    }];
  });
}

export function capacityFigure(
  id: string,
  { title, curves }: { title: string; curves: readonly CapacityCurve[] },
): Figure | undefined {
  const lines = capacityLines(curves);
  if (lines.length === 0) return undefined;
  return drawLines({
    id,
    title,
    caption: "Patterns that one step leaves as they are, every bit; zero diagonal, 95% intervals " +
      "over the seeds. Solid: learned; dashed: pseudo-inverse, up to N patterns; dotted: " +
      "Hebb rule.",
    xTitle: "patterns for each neuron, P / N",
    yTitle: "exact fixed points",
    isShare: true,
    markers: true,
    lines,
    marks: [{ x: CLASSICAL, text: "0.138 N" }, { x: 1, text: "N" }],
  });
}
