/** Values inside a sequence: overlap after a presentation, energy on the way to a memory. */
import type { Figure } from "../../../report/figures/chart.ts";
import type { PointResult } from "../results.ts";
import { drawLines, type Line } from "../../figures/line_chart.ts";

const firstExamined = ({ networks }: PointResult) =>
  networks.find(({ examination }) => examination?.trajectories !== undefined);

/** The overlap with each memory during and after its presentation, for the first examined seed. */
export function overlapFigure(
  id: string,
  { title, point }: { title: string; point: PointResult },
): Figure | undefined {
  const network = firstExamined(point);
  const retention = network?.examination?.retention_over_time;
  if (!network || !retention) return undefined;
  return drawLines({
    id,
    title,
    caption: `m·h/N of each of ${network.memories} memories, shown until step ${retention.shown} ` +
      `and then left alone; seed ${network.seed}.`,
    xTitle: "step",
    yTitle: "overlap",
    isShare: true,
    lines: retention.overlap.map((y, memory): Line => ({
      name: `memory ${memory + 1}`,
      group: "memories",
      colour: memory,
      x: retention.at,
      y,
      isThin: true,
    })),
    marks: [{ x: retention.shown, text: "input ends" }],
  });
}

/** Whether a trajectory ends in its memory. */
const endsInMemory = (overlap: readonly number[]): boolean => overlap.at(-1)! > 0.99;

/** A line that is nothing but an entry of the legend. */
const elsewhereLegend: Line = {
  name: "dashed: ends elsewhere",
  // Two points, as a single one would be drawn as a marker.
  x: [NaN, NaN],
  y: [NaN, NaN],
  dash: "dash",
  colour: 7,
  isThin: true,
};

/** Energy along trajectories from damaged patterns, for the first examined seed. */
export function energyFigure(
  id: string,
  { title, point }: { title: string; point: PointResult },
): Figure | undefined {
  const network = firstExamined(point);
  const trajectories = network?.examination?.trajectories;
  if (!network || !trajectories) return undefined;
  const shares = [...new Set(trajectories.map(({ flips }) => flips))];
  return drawLines({
    id,
    title,
    caption: `−½ hᵀ W h after each step, from first states with bits flipped; the first ` +
      `${
        new Set(trajectories.map(({ memory }) => memory)).size
      } memories of seed ${network.seed}. ` +
      "Dashed: those that end elsewhere than in their memory.",
    xTitle: "step",
    yTitle: "energy",
    lines: trajectories.map(({ memory, flips, energy, overlap }): Line => ({
      name: `memory ${memory + 1}, ${Math.round(100 * flips)}% flipped`,
      group: `${Math.round(100 * flips)}% flipped`,
      colour: shares.indexOf(flips),
      x: energy.map((_, step) => step + 1),
      y: energy,
      dash: endsInMemory(overlap) ? "solid" : "dash",
      isThin: true,
    })).concat(trajectories.some(({ overlap }) => !endsInMemory(overlap)) ? [elsewhereLegend] : []),
  });
}
