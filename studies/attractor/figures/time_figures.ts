/** What happens inside a sequence: overlap after a presentation, energy on the way to a memory. */
import type { Figure } from "../../../report/figures/chart.ts";
import type { PointResult } from "../results.ts";
import { drawLines, type Line } from "./line_chart.ts";

const firstExamined = ({ networks }: PointResult) =>
  networks.find(({ examination }) => examination?.trajectories !== undefined);

/** The overlap with each memory, shown on its own, of the first seed. */
export function overlapFigure(
  id: string,
  { title, point }: { title: string; point: PointResult },
): Figure | undefined {
  const network = firstExamined(point);
  const found = network?.examination?.retention_over_time;
  if (!network || !found) return undefined;
  return drawLines({
    id,
    title,
    caption: `m·h/N of each of ${network.memories} memories, shown until step ${found.shown} ` +
      `and then left alone; seed ${network.seed}.`,
    xTitle: "step",
    yTitle: "overlap",
    isShare: true,
    lines: found.overlap.map((y, memory): Line => ({
      name: `memory ${memory + 1}`,
      group: "memories",
      colour: memory,
      x: found.at,
      y,
      isThin: true,
    })),
    marks: [{ x: found.shown, text: "input ends" }],
  });
}

/** Whether it ends in its memory. */
const reaches = (overlap: readonly number[]): boolean => overlap.at(-1)! > 0.99;

/** An entry of the legend alone. */
const elsewhere: Line = {
  name: "dashed: ends elsewhere",
  // Two, as one alone would be a marker.
  x: [NaN, NaN],
  y: [NaN, NaN],
  dash: "dash",
  colour: 7,
  isThin: true,
};

/** Energy along trajectories from damaged patterns, of the first seed. */
export function energyFigure(
  id: string,
  { title, point }: { title: string; point: PointResult },
): Figure | undefined {
  const network = firstExamined(point);
  const all = network?.examination?.trajectories;
  if (!network || !all) return undefined;
  const shares = [...new Set(all.map(({ flips }) => flips))];
  return drawLines({
    id,
    title,
    caption: `−½ hᵀ W h after each step, from first states with bits flipped; the first ` +
      `${new Set(all.map(({ memory }) => memory)).size} memories of seed ${network.seed}. ` +
      "Dashed: those that end elsewhere than in their memory.",
    xTitle: "step",
    yTitle: "energy",
    lines: all.map(({ memory, flips, energy, overlap }): Line => ({
      name: `memory ${memory + 1}, ${Math.round(100 * flips)}% flipped`,
      group: `${Math.round(100 * flips)}% flipped`,
      colour: shares.indexOf(flips),
      x: energy.map((_, step) => step + 1),
      y: energy,
      dash: reaches(overlap) ? "solid" : "dash",
      isThin: true,
    })).concat(all.some(({ overlap }) => !reaches(overlap)) ? [elsewhere] : []),
  });
}
