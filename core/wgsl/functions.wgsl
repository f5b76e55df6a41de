// Elementary functions for f32, relative error below 1e-6 wherever the result is a normal number;
// the built-in ones have no such bound. Twins of core/numerics/testing/float32_functions.ts, which says what
// holds at the ends of the range; the constants are core/numerics/coefficients.ts, explained there.
//
// Straight-line: comparisons go through select(), so NaN passes through where the device keeps it.

const HEBB_LOG2_E: f32 = 1.442695;
const HEBB_LN2: f32 = 0.6931472;

const HEBB_FIXED_24: f32 = 16777216.0;
const HEBB_FIXED_30_UNIT: f32 = 9.313225746154785e-10;
const HEBB_LN2_FIXED_30: i32 = 744261118i;
const HEBB_FLOOR_SHIFT: f32 = 49152.0;

const HEBB_EXP_P1: f32 = 1.000006;
const HEBB_EXP_P2: f32 = 0.49987072;
const HEBB_EXP_P3: f32 = 0.16755559;
const HEBB_EXP_P4: f32 = 0.039061256;
const HEBB_EXP_P5: f32 = 0.011670316;
const HEBB_EXP_LOWEST: f32 = -87.33654;
const HEBB_EXP_HIGHEST: f32 = 89.0;

const HEBB_EXPM1_P1: f32 = 0.50000006;
const HEBB_EXPM1_P2: f32 = 0.16666669;
const HEBB_EXPM1_P3: f32 = 0.041665137;
const HEBB_EXPM1_P4: f32 = 0.0083328225;
const HEBB_EXPM1_P5: f32 = 0.0014004182;
const HEBB_EXPM1_P6: f32 = 0.00020098341;

const HEBB_LOG_P1: f32 = -0.49999988;
const HEBB_LOG_P2: f32 = 0.33334187;
const HEBB_LOG_P3: f32 = -0.25002074;
const HEBB_LOG_P4: f32 = 0.19956832;
const HEBB_LOG_P5: f32 = -0.16562392;
const HEBB_LOG_P6: f32 = 0.14952277;
const HEBB_LOG_P7: f32 = -0.14366865;
const HEBB_LOG_P8: f32 = 0.087223604;

const HEBB_LOG1P_LOWEST: f32 = -0.29289323;
const HEBB_LOG1P_HIGHEST: f32 = 0.41421357;

const HEBB_FIXED_16: f32 = 65536.0;
const HEBB_SINE_FINE: f32 = 128.0;
const HEBB_SINE_HIGHEST: f32 = 8192.0;
const HEBB_TWO_OVER_PI: f32 = 0.63661975;
const HEBB_HALF_PI_FIXED_30: i32 = 1686629713i;

const HEBB_SIN_P1: f32 = -0.16666655;
const HEBB_SIN_P2: f32 = 0.008332156;
const HEBB_SIN_P3: f32 = -0.00019514632;
const HEBB_COS_P1: f32 = -0.49999884;
const HEBB_COS_P2: f32 = 0.041655734;
const HEBB_COS_P3: f32 = -0.0013591251;

const HEBB_TANH_P1: f32 = 0.13382682;
const HEBB_TANH_P2: f32 = 0.0034974522;
const HEBB_TANH_P3: f32 = 2.0635729e-5;
const HEBB_TANH_P4: f32 = 1.3384156e-8;
const HEBB_TANH_Q1: f32 = 0.46716005;
const HEBB_TANH_Q2: f32 = 0.02588434;
const HEBB_TANH_Q3: f32 = 0.00032885082;
const HEBB_TANH_Q4: f32 = 7.790195e-7;
const HEBB_TANH_HIGHEST: f32 = 9.02;

const HEBB_MILLS_P0: f32 = 0.5;
const HEBB_MILLS_P1: f32 = 0.43534485;
const HEBB_MILLS_P2: f32 = 0.18103005;
const HEBB_MILLS_P3: f32 = 0.039884027;
const HEBB_MILLS_P4: f32 = 0.004003296;
const HEBB_MILLS_Q1: f32 = 1.6685746;
const HEBB_MILLS_Q2: f32 = 1.1933864;
const HEBB_MILLS_Q3: f32 = 0.46364376;
const HEBB_MILLS_Q4: f32 = 0.09998183;
const HEBB_MILLS_Q5: f32 = 0.010034632;
const HEBB_NORMAL_DENSITY: f32 = 0.3989423;
const HEBB_GAUSSIAN_HIGHEST: f32 = 13.4;

// A whole n with a log2(e) - n in [-1/512, 1] for |a| < 2^13. No rounding is undone in float, so there
// is nothing for a compiler to cancel; 0x474000 is FLOOR_SHIFT's bits without the last 8.
fn hebb_exp_exponent(a: f32) -> i32 {
  return (bitcast<i32>(fma(a, HEBB_LOG2_E, HEBB_FLOOR_SHIFT)) >> 8u) - 0x474000i;
}

// a - n ln 2, between -2 and 2, from 2^24 a: the integers wrap around and their difference is right.
fn hebb_exp_remainder(fixed_24: f32, n: i32) -> f32 {
  return f32((i32(fixed_24) << 6u) - n * HEBB_LN2_FIXED_30) * HEBB_FIXED_30_UNIT;
}

// 2^n exp(r) for r in [0, ln 2] and n in [-126, 127].
fn hebb_exp_scaled(r: f32, n: i32) -> f32 {
  let p4 = fma(HEBB_EXP_P5, r, HEBB_EXP_P4);
  let p3 = fma(p4, r, HEBB_EXP_P3);
  let p2 = fma(p3, r, HEBB_EXP_P2);
  let p1 = fma(p2, r, HEBB_EXP_P1);
  return fma(p1, r, 1.0) * bitcast<f32>((n + 127i) << 23u);
}

fn hebb_exp(x: f32) -> f32 {
  let upper = select(x, HEBB_EXP_HIGHEST, x > HEBB_EXP_HIGHEST);
  let a = select(upper, HEBB_EXP_LOWEST, upper < HEBB_EXP_LOWEST);
  let n = min(hebb_exp_exponent(a), 127i);
  let y = hebb_exp_scaled(hebb_exp_remainder(a * HEBB_FIXED_24, n), n);
  let flushed = select(y, 0.0, x < HEBB_EXP_LOWEST);
  // The integers have lost a NaN.
  return select(flushed, x, (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u);
}

fn hebb_expm1(x: f32) -> f32 {
  let near = abs(x) < 0.5;
  let a = select(0.0, x, near);
  let p5 = fma(HEBB_EXPM1_P6, a, HEBB_EXPM1_P5);
  let p4 = fma(p5, a, HEBB_EXPM1_P4);
  let p3 = fma(p4, a, HEBB_EXPM1_P3);
  let p2 = fma(p3, a, HEBB_EXPM1_P2);
  let p1 = fma(p2, a, HEBB_EXPM1_P1);
  return select(hebb_exp(x) - 1.0, a * fma(p1, a, 1.0), near);
}

// log(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)].
fn hebb_log_near_one(f: f32) -> f32 {
  let p7 = fma(HEBB_LOG_P8, f, HEBB_LOG_P7);
  let p6 = fma(p7, f, HEBB_LOG_P6);
  let p5 = fma(p6, f, HEBB_LOG_P5);
  let p4 = fma(p5, f, HEBB_LOG_P4);
  let p3 = fma(p4, f, HEBB_LOG_P3);
  let p2 = fma(p3, f, HEBB_LOG_P2);
  let p1 = fma(p2, f, HEBB_LOG_P1);
  return f * fma(p1, f, 1.0);
}

fn hebb_log(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  // A subnormal is its mantissa, a whole number, times 2^-149: devices that flush it keep its bits.
  let subnormal = bits < 0x00800000u;
  let normal_bits = select(bits, bitcast<u32>(f32(bits & 0x007fffffu)), subnormal);
  // x = 2^exponent (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)); 0x3f3504f3 is sqrt(1/2).
  let exponent = bitcast<i32>(normal_bits - 0x3f3504f3u) >> 23u;
  let f = bitcast<f32>(normal_bits - (bitcast<u32>(exponent) << 23u)) - 1.0;
  let mantissa_log = hebb_log_near_one(f);
  let n = f32(select(exponent, exponent - 149i, subnormal));
  let finite_log = fma(n, HEBB_LN2, mantissa_log);
  // Infinity and NaN are their own logarithm, 0 gives -infinity, negative numbers NaN. The bits are
  // made from x because a constant infinity or NaN is an error in WGSL.
  let magnitude = bits & 0x7fffffffu;
  let negative = bits | select(0xffc00000u, 0xff800000u, magnitude == 0u);
  let special = select(negative, bits, magnitude != 0u && magnitude == bits);
  return select(finite_log, bitcast<f32>(special), bits - 1u >= 0x7f7fffffu);
}

fn hebb_log1p(x: f32) -> f32 {
  let near = x > HEBB_LOG1P_LOWEST && x < HEBB_LOG1P_HIGHEST;
  return select(hebb_log(1.0 + x), hebb_log_near_one(select(0.0, x, near)), near);
}

// sin(x + quarters pi / 2), with x = n pi / 2 + r.
fn hebb_sine(x: f32, quarters: i32) -> f32 {
  let upper = select(x, HEBB_SINE_HIGHEST, x > HEBB_SINE_HIGHEST);
  let a = select(upper, -HEBB_SINE_HIGHEST, upper < -HEBB_SINE_HIGHEST);
  let coarse = abs(a) >= HEBB_SINE_FINE;
  let fixed = i32(a * select(HEBB_FIXED_24, HEBB_FIXED_16, coarse));
  let fixed_30 = select(fixed << 6u, fixed << 14u, coarse);
  let n = i32(floor(fma(a, HEBB_TWO_OVER_PI, 0.5)));
  let reduced = f32(fixed_30 - n * HEBB_HALF_PI_FIXED_30) * HEBB_FIXED_30_UNIT;
  let r = select(reduced, a, n == 0i);
  let z = r * r;
  let s2 = fma(HEBB_SIN_P3, z, HEBB_SIN_P2);
  let s1 = fma(s2, z, HEBB_SIN_P1);
  let odd = r * fma(s1, z, 1.0);
  let c2 = fma(HEBB_COS_P3, z, HEBB_COS_P2);
  let c1 = fma(c2, z, HEBB_COS_P1);
  let even = fma(c1, z, 1.0);
  let quadrant = n + quarters;
  let y = select(odd, even, (quadrant & 1i) != 0i);
  let signed = select(y, -y, (quadrant & 2i) != 0i);
  // NaN of what is not finite, made from its bits.
  let bits = bitcast<u32>(x);
  return select(signed, bitcast<f32>(bits | 0x7fc00000u), (bits & 0x7f800000u) == 0x7f800000u);
}

fn hebb_cos(x: f32) -> f32 {
  return hebb_sine(x, 1i);
}

fn hebb_sin(x: f32) -> f32 {
  return hebb_sine(x, 0i);
}

fn hebb_tanh(x: f32) -> f32 {
  let upper = select(x, HEBB_TANH_HIGHEST, x > HEBB_TANH_HIGHEST);
  let a = select(upper, -HEBB_TANH_HIGHEST, upper < -HEBB_TANH_HIGHEST);
  let z = a * a;
  let p3 = fma(HEBB_TANH_P4, z, HEBB_TANH_P3);
  let p2 = fma(p3, z, HEBB_TANH_P2);
  let p1 = fma(p2, z, HEBB_TANH_P1);
  let p = fma(p1, z, 1.0);
  let q3 = fma(HEBB_TANH_Q4, z, HEBB_TANH_Q3);
  let q2 = fma(q3, z, HEBB_TANH_Q2);
  let q1 = fma(q2, z, HEBB_TANH_Q1);
  let q = fma(q1, z, 1.0);
  let y = a * p / q;
  let below = select(y, 1.0, y > 1.0);
  return select(below, -1.0, below < -1.0);
}

fn hebb_sigmoid(x: f32) -> f32 {
  let e = hebb_exp(-abs(x));
  return select(1.0, e, x < 0.0) / (1.0 + e);
}

fn hebb_softplus(x: f32) -> f32 {
  return select(0.0, x, x > 0.0) + hebb_log1p(hebb_exp(-abs(x)));
}

// a^b of a >= 0. A device that has no infinities has no log(0). NaN is known and set by
// bits, where those of a negative number are the largest: of a known exponent 0, a compiler takes 0 log(a) for 0.
fn hebb_pow(a: f32, b: f32) -> f32 {
  let y = hebb_exp(b * hebb_log(a));
  let of_zero = select(y, 0.0, a == 0.0 && b > 0.0);
  let power = select(of_zero, 1.0, b == 0.0 && a >= 0.0);
  let of_a = bitcast<u32>(a);
  let is_outside = (of_a > 0x7f800000u) & (of_a != 0x80000000u);
  let broken = is_outside | ((bitcast<u32>(b) & 0x7fffffffu) > 0x7f800000u);
  return bitcast<f32>(select(bitcast<u32>(power), 0x7fc00000u, broken));
}

// sqrt(a^2 + b^2). The quotient is taken of smaller numbers where 1 / large could be subnormal.
fn hebb_hypot(a: f32, b: f32) -> f32 {
  let first = abs(a) > abs(b);
  let large = select(abs(b), abs(a), first);
  let small = select(abs(a), abs(b), first);
  let unit = select(1.0, 0.0625, large > 1.0);
  let ratio = select(small * unit / (large * unit), 1.0, small == large);
  return large * sqrt(fma(ratio, ratio, 1.0));
}

// 16 exp(-t^2 / 2) for t in [0, HEBB_GAUSSIAN_HIGHEST]: times 16 because gelu's derivative is still a
// normal number where exp(-t^2 / 2) is not. The square is taken in two parts, or its rounding alone
// would cost 5e-6: `high` has 12 significant bits, so its square is exact.
fn hebb_gaussian_16(t: f32) -> f32 {
  let high = bitcast<f32>(bitcast<u32>(t) & 0xfffff000u);
  let n = hebb_exp_exponent(-0.5 * t * t);
  let remainder = hebb_exp_remainder(-0.5 * high * high * HEBB_FIXED_24, n);
  let r = fma(-0.5 * (t - high), t + high, remainder);
  return hebb_exp_scaled(r, n + 4i);
}

// (1 - Phi(t)) exp(t^2 / 2) for t in [0, HEBB_GAUSSIAN_HIGHEST].
fn hebb_mills(t: f32) -> f32 {
  let p3 = fma(HEBB_MILLS_P4, t, HEBB_MILLS_P3);
  let p2 = fma(p3, t, HEBB_MILLS_P2);
  let p1 = fma(p2, t, HEBB_MILLS_P1);
  let p = fma(p1, t, HEBB_MILLS_P0);
  let q4 = fma(HEBB_MILLS_Q5, t, HEBB_MILLS_Q4);
  let q3 = fma(q4, t, HEBB_MILLS_Q3);
  let q2 = fma(q3, t, HEBB_MILLS_Q2);
  let q1 = fma(q2, t, HEBB_MILLS_Q1);
  let q = fma(q1, t, 1.0);
  return p / q;
}

fn hebb_gelu(x: f32) -> f32 {
  let magnitude = abs(x);
  let beyond = magnitude > HEBB_GAUSSIAN_HIGHEST;
  let t = select(magnitude, HEBB_GAUSSIAN_HIGHEST, beyond);
  let tail = hebb_gaussian_16(t) * (t * hebb_mills(t)) * 0.0625;
  return select(0.0, x, x > 0.0) - select(tail, 0.0, beyond);
}

fn hebb_gelu_derivative(x: f32) -> f32 {
  let magnitude = abs(x);
  let beyond = magnitude > HEBB_GAUSSIAN_HIGHEST;
  let t = select(magnitude, HEBB_GAUSSIAN_HIGHEST, beyond);
  let tail = hebb_gaussian_16(t) * fma(t, -HEBB_NORMAL_DENSITY, hebb_mills(t)) * 0.0625;
  let kept = select(tail, 0.0, beyond);
  return select(1.0 - kept, kept, x < 0.0);
}
