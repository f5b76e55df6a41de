/** How much the parameters of a sweep matter. */
import { isOrdered, shareOf } from "./domain.ts";
import { searched } from "./space.ts";
import { rankGroups } from "./standing.ts";
import type { SweepFile } from "./sweep_file.ts";
import type { JsonValue, KnownTrial } from "./trial.ts";

/** What is known of one parameter. */
export interface Importance {
  readonly path: string;
  /** Share of the variance of ranks that the parameter explains alone, 0 to 1. */
  readonly share: number;
  /**
   * Spearman's correlation between values and how good trials are, -1 to 1; positive: larger values are better.
   * Undefined for values without an order.
   */
  readonly trend?: number;
}

/** Groups into which values of a range are put. */
const mostGroups = 5;

/**
 * The importance of each parameter that was searched, the largest first; empty with fewer than 4 judged trials.
 *
 * Trials are ranked (`rankTrials`), so that a network whose loss exploded is the last and no outlier. The
 * share is epsilon squared of Kruskal and Wallis (1952): the part of the variance of ranks between groups of equal
 * values, less what chance explains, which may leave 0. Values of a range, and of a list of more than 5
 * numbers, are put in up to 5 groups of neighbours, equally many trials in each.
 *
 * It sees each parameter alone: what only two of them explain together is in no share. A search that prefers
 * good points also ties parameters to each other, so shares of `bayes` are less sure than those of `random`.
 */
export function importances(file: SweepFile, known: readonly KnownTrial[]): Importance[] {
  const ranked = rankGroups(file, known);
  const trials = ranked.flat();
  if (trials.length < 4) return [];
  const ranks = midRanks(ranked.flatMap((group, place) => group.map(() => place)));
  return searched(file).map((parameter): Importance => {
    const { path, domain } = parameter;
    const places = isOrdered(domain)
      ? midRanks(trials.map(({ trial }) => shareOf(domain, trial.values[path]!)))
      : undefined;
    const share = shareExplained(
      ranks,
      groupsOf(trials.map(({ trial }) => trial.values[path]!), places),
    );
    return { path, share, ...places && { trend: 0 - correlation(places, ranks) } };
  }).sort((a, b) => b.share - a.share);
}

/**
 * The group of each trial: those of equal or neighbouring values are in one.
 *
 * @param places rank of each value; undefined: they have no order.
 */
function groupsOf(
  values: readonly JsonValue[],
  places: readonly number[] | undefined,
): (string | number)[] {
  const keys = values.map((value) => JSON.stringify(value));
  if (!places || new Set(keys).size <= mostGroups) return keys;
  const groups = Math.max(2, Math.min(mostGroups, Math.floor(Math.sqrt(values.length))));
  return places.map((place) => Math.floor((place + 0.5) / values.length * groups));
}

/** Epsilon squared: 1 less the variance within groups over the whole variance, at least 0. */
function shareExplained(ranks: readonly number[], groups: readonly (string | number)[]): number {
  const members = new Map<string | number, number[]>();
  groups.forEach((group, index) => {
    if (!members.has(group)) members.set(group, []);
    members.get(group)!.push(ranks[index]!);
  });
  const whole = squares(ranks);
  const freedom = ranks.length - members.size;
  if (whole === 0 || freedom < 1) return 0;
  const within = [...members.values()].reduce((sum, group) => sum + squares(group), 0);
  return Math.max(0, 1 - (within / freedom) / (whole / (ranks.length - 1)));
}

/** Sum of squared differences from the mean. */
function squares(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** The rank of each value from 0; equal values share the mean of theirs. */
function midRanks(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  sorted.forEach((value, place) => {
    if (!first.has(value)) first.set(value, place);
    last.set(value, place);
  });
  return values.map((value) => (first.get(value)! + last.get(value)!) / 2);
}

/** Pearson's; 0 where one of them does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const scale = Math.sqrt(squares(a) * squares(b));
  if (scale === 0) return 0;
  // cov(a, b) from squares of sums: |a + b|² - |a|² - |b|².
  const both = squares(a.map((value, index) => value + b[index]!));
  return (both - squares(a) - squares(b)) / 2 / scale;
}
