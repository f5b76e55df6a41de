/** The outcome of all studies, in a few sentences. */
import { count, fixedShare, hasDiverged, recallShare } from "./measures.ts";
import type { AttractorResults, PointResult } from "./results.ts";
import { percent } from "./texts.ts";

/** Such as "67 of 67 configurations trained (2 diverged)". */
export function headlineOf({ points }: AttractorResults): string {
  const configurations = (subset: readonly PointResult[]) =>
    new Set(subset.map(({ configuration }) => configuration.name)).size;
  const trained = points.filter(({ networks }) => networks.length > 0);
  const diverged = configurations(trained.filter(hasDiverged));
  return `${configurations(trained)} of ${configurations(points)} configurations trained` +
    (diverged > 0 ? ` (${diverged} diverged)` : "");
}

/** The headline, and what the margin form achieves: memories held, recall and capacity. */
export function verdictOf(results: AttractorResults): string {
  const { points } = results;
  const marginPoint = (memories: number) =>
    points.find(({ configuration: { name } }) => name === `memory-margin-${memories}`);
  const recall = (memories: number, flips: number) => {
    const point = marginPoint(memories);
    const share = point && recallShare(point, { flips })?.share;
    return share == null
      ? []
      : [`${memories} memories come back from ${100 * flips}% flipped bits in ${percent(share)}%`];
  };
  const swept = [5, 10, 15, 20].flatMap((memories) => marginPoint(memories) ?? [])
    .filter(({ networks }) => networks.length > 0);
  const isWhole = (point: PointResult) => count(point, "converged") === point.networks.length;
  const capacity = Math.max(
    0,
    ...points.filter(({ configuration, networks }) =>
      configuration.studies.includes("capacity") && networks.length > 0
    ).filter((point) => fixedShare(point)?.share === 1)
      .map(({ networks }) => networks[0]!.memories),
  );
  const sentences = [
    ...swept.length === 0 ? [] : [
      `Without self-excitation and with signed overlap ${
        swept.filter(isWhole).map(({ networks }) => networks[0]!.memories).join(", ") || "no"
      } memories of 64 bits converge in every seed.`,
    ],
    ...[[...recall(15, 0.1), ...recall(9, 0.2)].join("; ")].filter((text) => text !== "")
      .map((text) => `${text[0]!.toUpperCase()}${text.slice(1)} of the tries.`),
    ...capacity > 0
      ? [
        `Up to ${capacity} patterns, ${
          (capacity / 64).toFixed(2)
        } N, are exact fixed points in every seed.`,
      ]
      : [],
  ];
  return [`${headlineOf(results)}.`, ...sentences].join(" ");
}
