/**
 * The part of the time that is kept for what is still to come, by weight. The rest is for whoever needs it first: a
 * measurement that is cut short is worth nothing.
 */
const KEPT = 0.7;

/**
 * Until when each of several things may last, one after the other, so that every one has its turn. What one
 * leaves, the next may use.
 *
 * @example
 * deadlines([1, 1], { from: 0, until: 10 }); // [6.5, 10]
 */
export function deadlines(
  weights: readonly number[],
  { from, until }: { from: number; until: number },
): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let later = total;
  return weights.map((weight) => {
    later -= weight;
    return until - KEPT * (until - from) * later / total;
  });
}
