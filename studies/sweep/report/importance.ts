/** How much the settings of a sweep matter for its metric. */
import type { JsonValue } from "../../search/trial.ts";

/** Groups of a setting with many values. */
const GROUPS = 8;

/**
 * The share of the variance of the ranks of points that each setting explains alone: ε², the one-way analysis of
 * variance corrected for chance (Kelley 1935), of points grouped by value. Many numbers make groups of equal size.
 * Ranks, since a loss that explodes would be all of the variance.
 *
 * @param scores [points]; NaN of points that have diverged.
 * @param better which direction of scores is good: points without a score are worst.
 * @param settings [settings][points], their values.
 * @returns [settings], between 0 and 1; NaN where every point has a value of its own, or all scores are equal.
 */
export function importance(
  scores: readonly number[],
  { better, settings }: {
    better: "more" | "less";
    settings: readonly (readonly JsonValue[])[];
  },
): number[] {
  const worst = better === "more" ? -Infinity : Infinity;
  const ranks = ranksOf(scores.map((score) => Number.isNaN(score) ? worst : score));
  return settings.map((values) => epsilonSquared(ranks, groupsOf(values)));
}

/** Ranks from 1; equal values share the mean of theirs. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) =>
    values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : 0
  );
  const ranks = new Array<number>(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (const index of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/** The group of each value: the value itself, or of many numbers the part of their order that it lies in. */
function groupsOf(values: readonly JsonValue[]): (number | string)[] {
  const isNumeric = values.every((value) => typeof value === "number");
  const distinct = new Set(values.map((value) => JSON.stringify(value)));
  if (!isNumeric || distinct.size <= GROUPS) return values.map((value) => JSON.stringify(value));
  return ranksOf(values as readonly number[])
    .map((rank) => Math.min(GROUPS - 1, Math.floor(GROUPS * (rank - 0.5) / values.length)));
}

function epsilonSquared(ranks: readonly number[], groups: readonly (number | string)[]): number {
  const mean = (ranks.length + 1) / 2;
  const members = Map.groupBy(ranks, (_, index) => groups[index]!);
  const total = ranks.reduce((sum, rank) => sum + (rank - mean) ** 2, 0);
  let between = 0;
  for (const inside of members.values()) {
    const centre = inside.reduce((sum, rank) => sum + rank, 0) / inside.length;
    between += inside.length * (centre - mean) ** 2;
  }
  const freedom = ranks.length - members.size;
  if (freedom <= 0 || total === 0) return NaN;
  const within = (total - between) / freedom;
  return Math.max(0, (between - (members.size - 1) * within) / total);
}
