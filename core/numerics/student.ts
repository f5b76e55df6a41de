/** Quantiles of Student's t distribution. */

/** Quantile .975 of the standard normal distribution. */
export const NORMAL_QUANTILE = 1.959963984540054;

/** From here on the expansion is exact to 12 digits. */
const MANY = 200;

/**
 * Quantile .975 of Student's t with so many degrees of freedom, a whole number of at least 1: half the width
 * of a 95 % interval in standard errors.
 *
 * @throws RangeError for fewer.
 */
export function studentQuantile(freedom: number): number {
  if (!(freedom >= 1)) throw new RangeError(`expected 1 degree of freedom or more, got ${freedom}`);
  if (freedom >= MANY) return expansion(freedom);
  // tan(angle) = t / sqrt(freedom); the probability rises with the angle.
  let [low, high] = [0, Math.PI / 2];
  for (let middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
    if (centralProbability(middle, freedom) < 0.95) low = middle;
    else high = middle;
  }
  return Math.tan(low) * Math.sqrt(freedom);
}

/** P(|T| < tan(angle) sqrt(n)), a finite sum (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4). */
function centralProbability(angle: number, n: number): number {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = n % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = n === 1 ? 0 : term;
  for (let power = isOdd ? 3 : 2; power <= n - 2; power += 2) {
    term *= cosine * cosine * (power - 1) / power;
    sum += term;
  }
  return isOdd ? (angle + sine * sum) * 2 / Math.PI : sine * sum;
}

/** The expansion of the quantile in 1 / n (Abramowitz and Stegun 1964, 26.7.5). */
function expansion(n: number): number {
  const z = NORMAL_QUANTILE;
  const polynomial = (...factors: readonly number[]) =>
    factors.reduce((sum, factor) => sum * z * z + factor, 0) * z;
  return z +
    polynomial(1, 1) / (4 * n) +
    polynomial(5, 16, 3) / (96 * n ** 2) +
    polynomial(3, 19, 17, -15) / (384 * n ** 3) +
    polynomial(79, 776, 1482, -1920, -945) / (92_160 * n ** 4);
}
