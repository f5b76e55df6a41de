/** Summary numbers of results. */

/** Arithmetic mean; NaN of no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] ?? NaN;
  return sum / values.length;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson score interval of a proportion (E. B. Wilson 1927, J. Am. Stat. Assoc. 22:209-212): sound
 * also near 0 and 1 and for few trials. No trials give [0, 1].
 * @param options.z standard normal quantile; 1.96 is 95 %
 * @throws RangeError unless 0 <= successes <= trials
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  { z = 1.959963984540054 }: { z?: number } = {},
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
 * Where the proportion of a fresh sample will lie, as far as one sample tells: its own chance adds to
 * that of the sample it is foretold from. Normal approximation about Wilson's centre.
 * @param options.size of the fresh sample; more than 0
 * @param options.z standard normal quantile; 1.96 is 95 %
 * @throws RangeError unless 0 <= successes <= trials
 */
export function predictionInterval(
  successes: number,
  trials: number,
  { size, z = 1.959963984540054 }: { size: number; z?: number },
): Interval {
  const { low, high } = wilsonInterval(successes, trials, { z });
  if (trials === 0) return { low, high };
  const center = (low + high) / 2;
  const half = z * Math.sqrt(center * (1 - center) * (1 / trials + 1 / size));
  return { low: Math.max(0, center - half), high: Math.min(1, center + half) };
}
