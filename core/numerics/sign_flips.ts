/** Tests of paired differences that assume no distribution, and their correction for many comparisons. */
import { randomStream } from "../random.ts";

/** Pairs up to which all arrangements of signs are gone over: 65,536 at most. */
const MOST_EXACT = 16;
/** Arrangements that are drawn of more pairs. */
const DRAWS = 100_000;
/** Sums of the same numbers in another order differ by rounding; relative to the sum of sizes. */
const ROUNDING = 1e-12;

/**
 * Two-sided p of the mean of paired differences: the share of all arrangements of their signs whose sum is at
 * least as far from 0 (R. A. Fisher 1935, The Design of Experiments, 21; E. J. G. Pitman 1937, Suppl. J. R.
 * Stat. Soc. 4:119-130). Where neither side of a pair is better, both signs of a difference are equally likely;
 * nothing else is assumed. Up to 16 pairs it is exact, and at least 2 / 2^n; of more pairs 100,000
 * arrangements are drawn, the same ones for the same number of pairs.
 *
 * @returns 1 without differences.
 * @example
 * signFlipTest([0.1, 0.2, 0.05, 0.1, 0.2]); // 0.0625: five pairs cannot tell more
 */
export function signFlipTest(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0));
  const least = observed - ROUNDING * total;
  const isFar = (sum: number) => Math.abs(sum) >= least;
  return differences.length > MOST_EXACT ? drawnShare(sizes, isFar) : exactShare(sizes, isFar);
}

function exactShare(sizes: readonly number[], isFar: (sum: number) => boolean): number {
  const arrangements = 2 ** sizes.length;
  let far = 0;
  for (let signs = 0; signs < arrangements; signs++) {
    let sum = 0;
    for (let index = 0; index < sizes.length; index++) {
      sum += signs >> index & 1 ? -sizes[index]! : sizes[index]!;
    }
    if (isFar(sum)) far++;
  }
  return far / arrangements;
}

/** The observed arrangement counts as one of the drawn ones, so that p is never 0. */
function drawnShare(sizes: readonly number[], isFar: (sum: number) => boolean): number {
  const random = randomStream({ seed: 0 });
  let far = 1;
  for (let draw = 0; draw < DRAWS; draw++) {
    const sum = sizes.reduce((sum, size) => sum + (random.below(2) === 0 ? size : -size), 0);
    if (isFar(sum)) far++;
  }
  return far / (DRAWS + 1);
}

/**
 * p values corrected for their number: with these, all that are below .05 are true in 95% of experiments
 * (S. Holm 1979, Scand. J. Stat. 6:65-70).
 *
 * @returns corrected values in the order of the given ones, at most 1.
 * @example
 * holm([0.01, 0.04, 0.03]); // [0.03, 0.06, 0.06]
 */
export function holm(values: readonly number[]): number[] {
  const rising = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const corrected = values.map(() => 1);
  let largest = 0;
  rising.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (values.length - rank) * values[index]!));
    corrected[index] = largest;
  });
  return corrected;
}
