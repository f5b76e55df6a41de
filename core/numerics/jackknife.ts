/** Intervals of any function of sums over independent groups. */
import type { Interval } from "./statistics.ts";
import { studentQuantile } from "./student.ts";

/**
 * 95 % interval of a smooth function of sums, by leaving out one group after the other (Tukey 1958; Efron and
 * Tibshirani 1993, An Introduction to the Bootstrap, 11); Student's t with one degree of freedom less than
 * groups. Its ends stay in the range of the function. Undefined for fewer than two groups, and where the
 * function has no finite value without one of them.
 *
 * @param groups [groups][sums].
 * @example
 * jackknifeInterval([[4, 2], [9, 3], [5, 2]], ([squares, n]) => Math.sqrt(squares! / n!), { low: 0 });
 */
export function jackknifeInterval(
  groups: readonly (readonly number[])[],
  of: (sums: readonly number[]) => number,
  { low = -Infinity, high = Infinity }: { low?: number; high?: number } = {},
): Interval | undefined {
  const count = groups.length;
  if (count < 2) return undefined;
  const totals = groups[0]!.map((_, sum) => groups.reduce((all, group) => all + group[sum]!, 0));
  const without = groups.map((group) => of(totals.map((total, sum) => total - group[sum]!)));
  const mean = without.reduce((all, value) => all + value, 0) / count;
  const spread = without.reduce((all, value) => all + (value - mean) ** 2, 0);
  const half = studentQuantile(count - 1) * Math.sqrt(spread * (count - 1) / count);
  const value = of(totals);
  if (!Number.isFinite(value) || !Number.isFinite(half)) return undefined;
  return { low: Math.max(low, value - half), high: Math.min(high, value + half) };
}
