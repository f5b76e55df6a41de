/** Medians of a few runs, and the interval of their difference. */
import { randomStream } from "../core/random.ts";
import type { Interval } from "../core/numerics/statistics.ts";

/** The median; the mean of the middle two of an even number of values, NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** Fewer runs than this do not show how much runs differ. */
export const fewestForInterval = 3;
const RESAMPLES = 10_000;

/**
 * 95 % percentile bootstrap interval of median(a) - median(b), with a and b resampled independently
 * (B. Efron 1979, Ann. Statist. 7:1-26). With few values it is rough: of 3 on each side it
 * holds the difference in 90 % of samples, of 5 and more in 95 %. The same values give the same
 * interval.
 *
 * @returns undefined if one of them has fewer than `fewestForInterval` values.
 */
export function medianDifferenceInterval(
  a: readonly number[],
  b: readonly number[],
): Interval | undefined {
  if (Math.min(a.length, b.length) < fewestForInterval) return undefined;
  const random = randomStream({ seed: 0 });
  const resample = (values: readonly number[]) => values.map(() => random.sample(values));
  const differences = Array.from(
    { length: RESAMPLES },
    () => median(resample(a)) - median(resample(b)),
  ).sort((x, y) => x - y);
  const at = (share: number) => differences[Math.round(share * (RESAMPLES - 1))]!;
  return { low: at(0.025), high: at(0.975) };
}
