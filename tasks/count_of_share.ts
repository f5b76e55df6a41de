/** Shares of a whole number of things. */

/**
 * How many of `of` things a share is: the nearest whole number, and of two the even one. A share is meant
 * in decimals: .29 of 100 is 29, though their product in float64 is less.
 */
export function countOfShare(share: number, of: number): number {
  const exact = decimal(share * of);
  const lower = Math.floor(exact);
  const rest = decimal(exact - lower);
  return rest > 0.5 || (rest === 0.5 && lower % 2 === 1) ? lower + 1 : lower;
}

/** A note if a share of so many things is no whole number of them; none if it is. */
export function inexactShare(
  key: string,
  { share, of, what }: { share: number; of: number; what: string },
): string[] {
  const count = countOfShare(share, of);
  if (decimal(share * of) === count) return [];
  const met = Number((count / of).toPrecision(3));
  return [`${key} ${share}: ${count} of ${of} ${what}, which is ${met} of them`];
}

/** Without what float64 adds to a product of decimals. */
const decimal = (value: number): number => Number(value.toPrecision(12));
