/** Differences between rows and the one that they are compared with, seed by seed. */
import { type Interval, mean, meanInterval } from "../../../core/numerics/statistics.ts";
import { holm, signFlipTest } from "../../../core/numerics/sign_flips.ts";
import { countedScore } from "./over_seeds.ts";
import type { RowResult } from "./read_row.ts";

export interface Difference {
  readonly result: RowResult;
  /** Seeds that both rows have. */
  readonly pairs: number;
  /** Mean of what is compared, of the row minus that of the baseline. */
  readonly mean: number;
  /** Student's t, 95%; undefined for fewer than two pairs. */
  readonly interval: Interval | undefined;
  /** Two-sided, by the signs of the differences. */
  readonly p: number;
  /** The same, corrected for the number of rows (Holm). */
  readonly corrected: number;
}

const LEVEL = 0.05;

/** Whether a row differs from the baseline by more than chance explains. */
export const isToldApart = ({ corrected }: Difference): boolean => corrected < LEVEL;

/** Least pairs with which one of so many rows can be told apart: n pairs have a p of at least 2 / 2^n, before it is corrected. */
export const pairsNeeded = (rows: number): number => Math.floor(Math.log2(2 * rows / LEVEL)) + 1;

/**
 * Compares all rows with one, by score or loss on fresh sequences. Equal seeds draw equal sequences in both, for
 * training and for judging, so that seeds are pairs; only first weights of unlike networks are unlike draws.
 *
 * @returns nothing for rows without seeds, or where the baseline has none.
 */
export function differencesFrom(
  baseline: RowResult,
  results: readonly RowResult[],
  of: "score" | "loss",
): Difference[] {
  const valuesOf = ({ seeds, facts }: RowResult) =>
    new Map(seeds.map((seed) => [seed.seed, countedScore(seed[of], facts[of])]));
  const base = valuesOf(baseline);
  const compared = results.filter((result) => result !== baseline).flatMap((result) => {
    const differences = [...valuesOf(result)].map(([seed, value]) =>
      value - (base.get(seed) ?? NaN)
    )
      .filter(Number.isFinite);
    return differences.length === 0 ? [] : [{
      result,
      pairs: differences.length,
      mean: mean(differences),
      interval: meanInterval(differences),
      p: signFlipTest(differences),
    }];
  });
  const corrected = holm(compared.map(({ p }) => p));
  return compared.map((difference, index) => ({ ...difference, corrected: corrected[index]! }));
}
