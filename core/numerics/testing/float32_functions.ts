/**
 * The float32 library functions in TypeScript: twins of `../../wgsl/functions.wgsl`, statement by
 * statement, that round to float32 after every operation. They state what the kernels compute. Tests
 * compare them with the meaning of each operation; training does not call them.
 *
 * Relative error below 1e-6 for every finite argument whose result is a normal float32. A subnormal
 * result may be zero instead. The error of `geluDerivative`, which is zero at -0.7518, is
 * relative to Phi(x) + |x| phi(x), the size of what cancels there.
 *
 * Ends of the range: `exp` is infinite above 88.72284 (where the device has infinities) and 0 below
 * -87.33654; `log` is -Infinity at 0 and NaN for negative numbers; the others are finite for finite
 * arguments, tanh within [-1, 1], sigmoid within [0, 1]. At -Infinity and Infinity each has
 * its limit. NaN gives NaN where the device keeps NaN at all.
 */
import type { LibraryOp } from "../../program/operations.ts";
import { coefficients as c } from "../coefficients.ts";

/** The library functions, by operation. */
export type Float32Functions = Readonly<Record<LibraryOp, (...operands: number[]) => number>>;

const f = Math.fround;
const word = new DataView(new ArrayBuffer(4));

function bitsOf(x: number): number {
  word.setFloat32(0, x);
  return word.getUint32(0);
}

function fromBits(bits: number): number {
  word.setUint32(0, bits);
  return word.getFloat32(0);
}

/** `select` of WGSL, so that both texts read alike. */
function select(whenFalse: number, whenTrue: number, condition: boolean): number {
  return condition ? whenTrue : whenFalse;
}

/** a b + c in float32. */
export type MultiplyAdd = (a: number, b: number, c: number) => number;

/** Rounds the product, then the sum: a device without a fused multiply-add. */
export const roundedMultiplyAdd: MultiplyAdd = (a, b, c) => f(f(a * b) + c);

/**
 * Rounds once to float32, as a device with a fused multiply-add. (The sum is rounded to float64 before,
 * which matters only next to the middle of two float32.)
 */
export const fusedMultiplyAdd: MultiplyAdd = (a, b, c) => f(a * b + c);

/** What all functions are made of, on a device with this multiply-add. */
interface Arithmetic {
  readonly fma: MultiplyAdd;
  /** Horner's rule, highest coefficient first. */
  polynomial(x: number, ...highestFirst: readonly number[]): number;
}

const arithmeticWith = (fma: MultiplyAdd): Arithmetic => ({
  fma,
  polynomial: (x, ...highestFirst) =>
    highestFirst.map(f).reduce((sum, coefficient) => fma(sum, x, coefficient)),
});

function clampBetween(x: number, low: number, high: number): number {
  const upper = select(x, f(high), x > f(high));
  return select(upper, f(low), upper < f(low));
}

/** Coefficients of expm1(x) / x, highest first. */
const expm1Coefficients = [
  ...[c.EXPM1_P6, c.EXPM1_P5, c.EXPM1_P4],
  ...[c.EXPM1_P3, c.EXPM1_P2, c.EXPM1_P1, 1],
];

/** exp, expm1, and the parts of exp that gelu uses. */
function exponentials({ fma, polynomial }: Arithmetic) {
  const expExponent = (a: number) =>
    (bitsOf(fma(a, f(c.LOG2_E), c.FLOOR_SHIFT)) >> 8) - (bitsOf(c.FLOOR_SHIFT) >> 8);

  const expRemainder = (fixed24: number, n: number) =>
    f(f(((fixed24 << 6) - Math.imul(n, c.LN2_FIXED_30)) | 0) * c.FIXED_30_UNIT);

  const expScaled = (r: number, n: number) =>
    f(
      polynomial(r, c.EXP_P5, c.EXP_P4, c.EXP_P3, c.EXP_P2, c.EXP_P1, 1) *
        fromBits((n + 127) << 23),
    );

  function exp(x: number): number {
    const a = clampBetween(x, c.EXP_LOWEST, c.EXP_HIGHEST);
    const n = Math.min(expExponent(a), 127);
    const y = expScaled(expRemainder(f(a * c.FIXED_24), n), n);
    const flushed = select(y, 0, x < f(c.EXP_LOWEST));
    return select(flushed, x, (bitsOf(x) & 0x7fffffff) > 0x7f800000);
  }

  function expm1(x: number): number {
    const near = Math.abs(x) < 0.5;
    const a = select(0, x, near);
    return select(f(exp(x) - 1), f(a * polynomial(a, ...expm1Coefficients)), near);
  }

  return { exp, expm1, expExponent, expRemainder, expScaled };
}

type Exponentials = ReturnType<typeof exponentials>;

/** Coefficients of log(1 + g) / g, highest first. */
const logarithmCoefficients = [
  ...[c.LOG_P8, c.LOG_P7, c.LOG_P6, c.LOG_P5],
  ...[c.LOG_P4, c.LOG_P3, c.LOG_P2, c.LOG_P1, 1],
];

function logarithms({ fma, polynomial }: Arithmetic) {
  /** log(1 + g) for 1 + g in [sqrt(1/2), sqrt(2)]. */
  const logNearOne = (g: number) => f(g * polynomial(g, ...logarithmCoefficients));

  function log(x: number): number {
    const bits = bitsOf(x);
    const subnormal = bits < 0x00800000;
    const normalBits = select(bits, bitsOf(bits & 0x007fffff), subnormal);
    const exponent = (normalBits - 0x3f3504f3) >> 23;
    const g = f(fromBits(normalBits - (exponent << 23)) - 1);
    const n = select(exponent, exponent - 149, subnormal);
    const finiteLog = fma(n, f(c.LN2), logNearOne(g));
    const magnitude = bits & 0x7fffffff;
    const negative = (bits | select(0xffc00000, 0xff800000, magnitude === 0)) >>> 0;
    const special = select(negative, bits, magnitude !== 0 && magnitude === bits);
    return select(finiteLog, fromBits(special), (bits - 1) >>> 0 >= 0x7f7fffff);
  }

  function log1p(x: number): number {
    const near = x > f(c.LOG1P_LOWEST) && x < f(c.LOG1P_HIGHEST);
    return select(log(f(1 + x)), logNearOne(select(0, x, near)), near);
  }

  return { log, log1p };
}

/** cos and sin: sin(x + quarters π / 2) for 1 and 0 quarters. */
function sines({ fma, polynomial }: Arithmetic) {
  function sine(x: number, quarters: number): number {
    const a = clampBetween(x, -c.SINE_HIGHEST, c.SINE_HIGHEST);
    const coarse = Math.abs(a) >= c.SINE_FINE;
    const fixed = Math.trunc(f(a * select(c.FIXED_24, c.FIXED_16, coarse)));
    const fixed30 = select(fixed << 6, fixed << 14, coarse);
    const n = Math.floor(fma(a, f(c.TWO_OVER_PI), 0.5));
    const reduced = f(f((fixed30 - Math.imul(n, c.HALF_PI_FIXED_30)) | 0) * c.FIXED_30_UNIT);
    const r = select(reduced, a, n === 0);
    const z = f(r * r);
    const odd = f(r * polynomial(z, c.SIN_P3, c.SIN_P2, c.SIN_P1, 1));
    const even = polynomial(z, c.COS_P3, c.COS_P2, c.COS_P1, 1);
    const quadrant = n + quarters;
    const y = select(odd, even, (quadrant & 1) !== 0);
    const signed = select(y, -y, (quadrant & 2) !== 0);
    return select(signed, NaN, !Number.isFinite(x));
  }
  return { cos: (x: number) => sine(x, 1), sin: (x: number) => sine(x, 0) };
}

/** The hyperbolic tangent, sigmoid and softplus. */
function sigmoids(
  { polynomial }: Arithmetic,
  { exp, log1p }: { exp: (x: number) => number; log1p: (x: number) => number },
) {
  function tanh(x: number): number {
    const a = clampBetween(x, -c.TANH_HIGHEST, c.TANH_HIGHEST);
    const z = f(a * a);
    const p = polynomial(z, c.TANH_P4, c.TANH_P3, c.TANH_P2, c.TANH_P1, 1);
    const q = polynomial(z, c.TANH_Q4, c.TANH_Q3, c.TANH_Q2, c.TANH_Q1, 1);
    return clampBetween(f(f(a * p) / q), -1, 1);
  }

  function sigmoid(x: number): number {
    const e = exp(-Math.abs(x));
    return f(select(1, e, x < 0) / f(1 + e));
  }

  function softplus(x: number): number {
    return f(select(0, x, x > 0) + log1p(exp(-Math.abs(x))));
  }

  return { tanh, sigmoid, softplus };
}

/** gelu and its derivative, from the tail of the normal distribution. */
function gelus(
  { fma, polynomial }: Arithmetic,
  { expExponent, expRemainder, expScaled }: Exponentials,
) {
  /** 16 exp(-t² / 2) for t in [0, GAUSSIAN_HIGHEST]. */
  function gaussian16(t: number): number {
    const high = fromBits(bitsOf(t) & 0xfffff000);
    const n = expExponent(f(f(-0.5 * t) * t));
    const remainder = expRemainder(f(f(f(-0.5 * high) * high) * c.FIXED_24), n);
    const r = fma(f(-0.5 * f(t - high)), f(t + high), remainder);
    return expScaled(r, n + 4);
  }

  /** (1 - Phi(t)) exp(t² / 2) for t in [0, GAUSSIAN_HIGHEST]. */
  function mills(t: number): number {
    const p = polynomial(t, c.MILLS_P4, c.MILLS_P3, c.MILLS_P2, c.MILLS_P1, c.MILLS_P0);
    const q = polynomial(t, c.MILLS_Q5, c.MILLS_Q4, c.MILLS_Q3, c.MILLS_Q2, c.MILLS_Q1, 1);
    return f(p / q);
  }

  function gelu(x: number): number {
    const magnitude = Math.abs(x);
    const beyond = magnitude > f(c.GAUSSIAN_HIGHEST);
    const t = select(magnitude, f(c.GAUSSIAN_HIGHEST), beyond);
    const tail = f(f(gaussian16(t) * f(t * mills(t))) * 0.0625);
    return f(select(0, x, x > 0) - select(tail, 0, beyond));
  }

  function geluDerivative(x: number): number {
    const magnitude = Math.abs(x);
    const beyond = magnitude > f(c.GAUSSIAN_HIGHEST);
    const t = select(magnitude, f(c.GAUSSIAN_HIGHEST), beyond);
    const tail = f(f(gaussian16(t) * fma(t, f(-c.NORMAL_DENSITY), mills(t))) * 0.0625);
    const kept = select(tail, 0, beyond);
    return select(f(1 - kept), kept, x < 0);
  }

  return { gelu, geluDerivative };
}

/** The functions as a device with this multiply-add computes them. Arguments are float32. */
export function float32FunctionsWith(fma: MultiplyAdd): Float32Functions {
  const arithmetic = arithmeticWith(fma);
  const powers = exponentials(arithmetic);
  const { exp, expm1 } = powers;
  const { log, log1p } = logarithms(arithmetic);

  function pow(a: number, b: number): number {
    const y = exp(f(b * log(a)));
    const ofZero = select(y, 0, a === 0 && b > 0);
    return select(ofZero, 1, b === 0 && a >= 0);
  }

  function hypot(a: number, b: number): number {
    const first = Math.abs(a) > Math.abs(b);
    const large = select(Math.abs(b), Math.abs(a), first);
    const small = select(Math.abs(a), Math.abs(b), first);
    const unit = select(1, 0.0625, large > 1);
    const ratio = select(f(f(small * unit) / f(large * unit)), 1, small === large);
    return f(large * f(Math.sqrt(fma(ratio, ratio, 1))));
  }

  return {
    ...{ exp, expm1, log, log1p, pow, hypot },
    ...sines(arithmetic),
    ...sigmoids(arithmetic, { exp, log1p }),
    ...gelus(arithmetic, powers),
  };
}

/** The functions of a device without a fused multiply-add. */
export const float32Functions: Float32Functions = float32FunctionsWith(roundedMultiplyAdd);
