/** Means and intervals. */
import { NORMAL_QUANTILE, studentQuantile } from "./student.ts";

/** Arithmetic mean; NaN of no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] ?? NaN;
  return sum / values.length;
}

/** Both ends belong to the interval. */
export interface Interval {
  /** The lower end. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
}

/**
 * 95 % confidence interval of the mean of independent values with a nearly normal distribution (Student
 * 1908, Biometrika 6:1-25); undefined for fewer than two values.
 */
export function meanInterval(values: readonly number[]): Interval | undefined {
  const freedom = values.length - 1;
  if (freedom < 1) return undefined;
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const half = studentQuantile(freedom) * Math.sqrt(squares / freedom / values.length);
  return { low: centre - half, high: centre + half };
}

/**
 * Wilson score interval of a proportion (E. B. Wilson 1927, J. Am. Stat. Assoc. 22:209-212) of independent
 * trials; of others see `clusteredShareInterval`. It is valid near 0 and 1 and for few trials too. No trials give [0, 1].
 *
 * @example
 * const { low, high } = wilsonInterval(97, 100); // 95 %: .915 to .990
 *
 * @param options.z standard normal quantile; 1.96 is 95 %
 * @throws RangeError unless 0 <= successes <= trials
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  { z = NORMAL_QUANTILE }: { z?: number } = {},
): Interval {
  if (!(successes >= 0 && successes <= trials)) {
    throw new RangeError(`${successes} successes of ${trials} trials, expected 0 to ${trials}`);
  }
  if (trials === 0) return { low: 0, high: 1 };
  const p = successes / trials;
  const z2 = z * z / trials;
  const center = (p + z2 / 2) / (1 + z2);
  const half = z * Math.sqrt(p * (1 - p) / trials + z2 / (4 * trials)) / (1 + z2);
  return {
    low: successes === 0 ? 0 : Math.max(0, center - half),
    high: successes === trials ? 1 : Math.min(1, center + half),
  };
}

/**
 * Prediction interval: where the proportion of a fresh sample will lie, as far as one sample tells. It is
 * wider than Wilson's interval, since the fresh sample varies too. Normal approximation about the centre
 * of Wilson's interval.
 *
 * @param options.size of the fresh sample; more than 0
 * @param options.z standard normal quantile; 1.96 is 95 %
 * @throws RangeError unless 0 <= successes <= trials
 */
export function predictionInterval(
  successes: number,
  trials: number,
  { size, z = NORMAL_QUANTILE }: { size: number; z?: number },
): Interval {
  const { low, high } = wilsonInterval(successes, trials, { z });
  if (trials === 0) return { low, high };
  const center = (low + high) / 2;
  const half = z * Math.sqrt(center * (1 - center) * (1 / trials + 1 / size));
  return { low: Math.max(0, center - half), high: Math.min(1, center + half) };
}
