/** The distribution function of the beta distribution. */

/**
 * log Γ(x) for x > 0, by Stirling's series (Abramowitz and Stegun 1964, 6.1.41) from 15 on, and by
 * Γ(x) = Γ(x + 1) / x below.
 */
export function logGamma(x: number): number {
  let product = 1;
  for (; x < 15; x++) product *= x;
  const square = x * x;
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / square) / square) / square) / x;
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series - Math.log(product);
}

/**
 * P(X < x) of a beta distribution with parameters a and b: the incomplete beta function, by its continued
 * fraction (Abramowitz and Stegun 1964, 26.5.8) on the side where that converges fast.
 *
 * @param x from 0 to 1.
 * @param a more than 0.
 * @param b more than 0.
 */
export function betaProbability(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaProbability(1 - x, b, a);
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) +
    b * Math.log1p(-x);
  return Math.exp(logFront) / (a * fraction(x, a, b));
}

/** The denominator 1 + d1 x / (1 + d2 x / (1 + ...)), from its end, which is far enough for 1e-12. */
function fraction(x: number, a: number, b: number): number {
  const depth = 60 + Math.ceil(6 * Math.sqrt(Math.max(a, b)));
  let value = 1;
  for (let n = depth; n >= 1; n--) {
    const m = Math.floor(n / 2);
    const numerator = n % 2 === 0
      ? m * (b - m) / ((a + 2 * m - 1) * (a + 2 * m))
      : -(a + m) * (a + b + m) / ((a + 2 * m) * (a + 2 * m + 1));
    value = 1 + numerator * x / value;
  }
  return value;
}
