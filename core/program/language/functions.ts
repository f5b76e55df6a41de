/**
 * Functions of one element; any shape, the result has the same. In float32 their relative error is
 * below 1e-6 wherever they are defined, on every device (`core/numerics/coefficients.ts`).
 */
import { elementwise, type Value } from "../elementwise.ts";
import { div, neg } from "./arithmetic.ts";

/**
 * e^x; infinite above 88.7, 0 below -87.3.
 *
 * @example
 * const decay = exp(neg(div(1, tau))); // scalar -> scalar
 */
export const exp = (x: Value): Value => elementwise("exp", x);

/**
 * e^x - 1, accurate for small x too; infinite above 88.7.
 *
 * @example
 * const growth = expm1(mul(rate, 0.001)); // about 0.001 rate
 */
export const expm1 = (x: Value): Value => elementwise("expm1", x);

/**
 * Natural logarithm; -infinite at 0, NaN below. Those of `sigmoid(x)`, of `1 + exp(x)` and `log1p(exp(x))` are
 * computed as `softplus`, accurate in both tails. 0 log 0 is NaN: choose its limit 0 with `where`.
 *
 * @example
 * const entropy = neg(sum(where(p, mul(p, log(p)), 0))); // of probabilities, some of them 0; scalar
 */
export const log = (x: Value): Value => elementwise("log", x);

/**
 * log(1 + x), accurate for small x too; -infinite at -1, NaN below.
 *
 * @example
 * const compressed = log1p(abs(x)); // vector(n) -> vector(n)
 */
export const log1p = (x: Value): Value => elementwise("log1p", x);

/**
 * √x; NaN below 0. The slope at 0 is infinite: for lengths take `norm`.
 *
 * @example
 * const deviation = sqrt(variance); // scalar
 */
export const sqrt = (x: Value): Value => elementwise("sqrt", x);

/**
 * 1 / √x; infinite at 0, NaN below.
 *
 * @example
 * const unit = mul(w, rsqrt(add(sum(square(w)), 1e-8))); // matrix(m, n) -> matrix(m, n)
 */
export const rsqrt = (x: Value): Value => reciprocal(sqrt(x));

/**
 * 1 / x; infinite at 0.
 *
 * @example
 * const rate = reciprocal(tau); // scalar -> scalar
 */
export const reciprocal = (x: Value): Value => div(1, x);

/**
 * Hyperbolic tangent, in [-1, 1]. Its slope is made of its value y, as 1 - y², with an absolute error of 1e-7: in
 * float32 it is 0 beyond ±9.
 *
 * @example
 * const y = tanh(add(matvec(w, x), b)); // vector(n)
 */
export const tanh = (x: Value): Value => elementwise("tanh", x);

/**
 * 1 / (1 + e^-x), in [0, 1]. Its slope is made of its value y, as y (1 - y), with an absolute error of 1e-7: in
 * float32 it is 0 above 17. Losses are better made of `softplus`, whose slope is accurate.
 *
 * @example
 * const gate = sigmoid(matvec(w, x)); // vector(n)
 */
export const sigmoid = (x: Value): Value => elementwise("sigmoid", x);

/**
 * Cosine of x in radians. In float32 its absolute error is below 1e-6 for |x| up to 8192; a larger x
 * is taken as that.
 *
 * @example
 * const phase = cos(mul(frequency, stepIndex(x))); // scalar
 */
export const cos = (x: Value): Value => elementwise("cos", x);

/**
 * Sine of x in radians. In float32 its absolute error is below 1e-6 for |x| up to 8192, and so is the
 * relative one for |x| below π / 4; a larger x is taken as 8192.
 *
 * @example
 * const phase = sin(mul(frequency, stepIndex(x))); // scalar
 */
export const sin = (x: Value): Value => elementwise("sin", x);

/**
 * max(x, 0). The slope at 0 is 0; `softplus` has no kink there.
 *
 * @example
 * const rate = relu(sub(x, threshold)); // vector(n)
 */
export const relu = (x: Value): Value => elementwise("maximum", x, 0);

/**
 * log(1 + e^x), a smooth relu whose slope is `sigmoid(x)`; accurate in both tails.
 *
 * @example
 * const rate = softplus(matvec(w, x)); // vector(n), positive
 */
export const softplus = (x: Value): Value => elementwise("softplus", x);

/**
 * log(1 / (1 + e^-x)), the logarithm of `sigmoid(x)`; accurate in both tails, and smooth.
 *
 * @example
 * const surprise = neg(logSigmoid(logit)); // nats, of an event that happened
 */
export const logSigmoid = (x: Value): Value => neg(softplus(neg(x)));

/**
 * x, with an infinity as the largest float32 of its sign; NaN stays. The slope is 1 everywhere, so that a
 * difference of equal infinities is 0 and has a gradient.
 *
 * @example
 * const difference = sub(toFinite(x), toFinite(max(x))); // vector(n), all <= 0
 */
export const toFinite = (x: Value): Value => elementwise("toFinite", x);

/**
 * x Φ(x) with the exact Gaussian distribution function (Hendrycks and Gimpel, 2016).
 *
 * @example
 * const hidden = gelu(matvec(w, x)); // vector(n)
 */
export const gelu = (x: Value): Value => elementwise("gelu", x);
