/** The share of patterns that are exact fixed points, against patterns per neuron. */
import type { Figure } from "../../../report/figures/chart.ts";
import { fixedShare, type Matrix, matrixNames } from "../measures.ts";
import type { PointResult } from "../results.ts";
import { drawLines, type Line } from "../../figures/line_chart.ts";

/** Capacity P / N of the Hebb rule, with a few wrong bits allowed (Amit, Gutfreund and Sompolinsky 1985). */
const CLASSICAL = 0.138;

/** A line: one matrix of networks of one size, with different numbers of patterns. */
export interface CapacityCurve {
  /** Empty if there is only one size. */
  readonly name: string;
  readonly points: readonly PointResult[];
  readonly matrix: Matrix;
  readonly colour: number;
}

/** Lines of the curves that have been examined. */
export function capacityLines(curves: readonly CapacityCurve[]): Line[] {
  return curves.flatMap(({ name, points, matrix, colour }): Line[] => {
    const shares = points.flatMap((point) => {
      const share = fixedShare(point, matrix);
      const [network] = point.networks;
      return share?.share == null || !network
        ? []
        : [{ load: network.memories / network.neurons, ...share, share: share.share }];
    }).sort((a, b) => a.load - b.load);
    if (shares.length === 0) return [];
    return [{
      name: `${name}${name === "" ? "" : ", "}${matrixNames[matrix]}`,
      x: shares.map(({ load }) => load),
      y: shares.map(({ share }) => share),
      low: shares.map(({ low }) => low),
      high: shares.map(({ high }) => high),
      ...name === "" ? {} : { group: name },
      dash: matrix === "learned" ? "solid" : matrix === "hebb" ? "dot" : "dash",
      colour,
    }];
  });
}

/** Undefined if nothing has been examined. */
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
    hasMarkers: true,
    lines,
    marks: [{ x: CLASSICAL, text: "0.138 N" }, { x: 1, text: "N" }],
  });
}
