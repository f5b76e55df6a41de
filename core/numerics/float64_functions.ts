/** Functions that `Math` lacks, in float64, with relative errors of about 1e-15. */

/** exp(-x² / 2) is 0 in float64 from here on; larger arguments are taken as this one. */
const FAR = 1e3;

/**
 * exp(-x² / divisor) for 0 <= x <= FAR. Rounding x² would change the exponent by up to 1e-13. So x is
 * split into a float32 part, whose square is exact, and the rest.
 */
function expMinusSquare(x: number, divisor: 1 | 2): number {
  const high = Math.fround(x);
  const low = x - high;
  return Math.exp(-high * high / divisor) * Math.exp(-low * (2 * high + low) / divisor);
}

const STEP = 0.5;
const SAMPLES = Array.from({ length: 14 }, (_, index) => {
  const square = ((index + 1) * STEP) ** 2;
  return { square, weight: 2 * Math.exp(-square) };
});

/**
 * exp(x²) erfc(x) for x >= 0.5: the trapezoidal rule with step h for
 * erfc(x) = x exp(-x²) / pi · ∫ exp(-s²) / (s² + x²) ds, with the contribution of the pole at ix.
 * Its error is exp(-(pi / h)²) = 7e-18.
 *
 * Source: D. B. Hunter and T. Regan (1972), "A note on the evaluation of the complementary error
 * function", Mathematics of Computation 26.
 */
function scaledErfc(x: number): number {
  const square = x * x;
  let sum = 1 / square;
  for (const sample of SAMPLES) sum += sample.weight / (sample.square + square);
  const pole = x < Math.PI / STEP ? 2 * Math.exp(square) / Math.expm1(2 * Math.PI * x / STEP) : 0;
  return STEP * x / Math.PI * sum - pole;
}

/** erf for |x| <= 1 from its series 2x / sqrt(pi) · exp(-x²) · Σ (2x²)^n / (2n + 1)!!, all positive. */
function erfSeries(x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > 1e-17; n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * x * Math.exp(-x * x) * sum;
}

/** Phi(-t) for 0 <= t <= FAR, accurate relative to itself however small. */
export function normalTail(t: number): number {
  const x = t * Math.SQRT1_2;
  if (x < 0.5) return 0.5 * (1 - erfSeries(x));
  return 0.5 * scaledErfc(x) * expMinusSquare(t, 2);
}

/** x Phi(x), with Phi the standard normal distribution. */
export function gelu(x: number): number {
  if (Number.isNaN(x)) return x;
  const t = Math.min(Math.abs(x), FAR);
  return Math.max(x, 0) - t * normalTail(t);
}

/** Phi(x) + x phi(x), the derivative of gelu. */
export function geluDerivative(x: number): number {
  if (Number.isNaN(x)) return x;
  const t = Math.min(Math.abs(x), FAR);
  const tail = normalTail(t) - t * expMinusSquare(t, 2) / Math.sqrt(2 * Math.PI);
  return x < 0 ? tail : 1 - tail;
}

/** a^b of a >= 0, and 1 for b = 0; NaN of a negative a. */
export const power = (a: number, b: number): number => a >= 0 ? Math.abs(a) ** b : NaN;

/** The largest float32. */
export const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/** x, kept between the smallest and the largest float32. */
export const nearestFinite = (x: number): number =>
  Math.max(-LARGEST_FLOAT32, Math.min(LARGEST_FLOAT32, x));

/** The nearest whole number, of two the even one. */
export function nearestWhole(x: number): number {
  const above = Math.round(x);
  return above - x === 0.5 && above % 2 !== 0 ? above - 1 : above;
}

/** sqrt(a² + b²) without overflow; NaN if either is. (`Math.hypot` loses a NaN beside an infinity.) */
export const hypot = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? NaN : Math.hypot(a, b);

/** log(1 + exp(x)). */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** 1 / (1 + exp(-x)). */
export function sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}
