/**
 * Every number in the float32 library functions, each exact in float32. The TypeScript twins in
 * `testing/float32_functions.ts`, `../wgsl/functions.wgsl` (as `HEBB_<NAME>`) and
 * `../wat/functions.wat` use these and no other floating-point numbers besides 0, 1/16, 1/2 and 1.
 *
 * Polynomials and rationals are minimax in relative error, computed in 40-digit arithmetic by the
 * Remez exchange algorithm (E. W. Cheney, Introduction to Approximation Theory, 1966, chapters 3 and
 * 5; for a rational P/Q, P - f Q (1 ± E) = 0 at the alternation points is solved by iterating on
 * the E Q term), then rounded to float32. "Error" is the largest relative error of the rounded
 * coefficients in exact arithmetic. `_P0` is the constant term, `_Q0 = 1` where it is not named.
 */
export const coefficients = {
  LOG2_E: 1.442695,
  LN2: 0.6931472,

  // exp(x) = 2^n exp(r) with r = x - n ln 2. The usual two-constant reduction of Cody and Waite loses
  // its accuracy where a compiler reassociates, which WGSL allows and drivers do, so r is computed in
  // integers: x and n ln 2 in units of 2^-30, modulo 2^32, where only their small difference is
  // needed. x comes in units of 2^-24: exact for magnitudes from 1 to 127, within 6e-8 below 1.
  FIXED_24: 16777216,
  FIXED_30_UNIT: 9.313225746154785e-10,
  // round(2^30 ln 2), an i32. It is off by 0.045 units, so n ln 2 is by at most 6e-9.
  LN2_FIXED_30: 744261118,
  // 1.5 * 2^15: added to a float32 below 2^14, it leaves units of 2^-8 in the low bits of the sum.
  FLOOR_SHIFT: 49152,

  // exp(r) on [0, ln 2] and 0.0014 below it, degree 5 with P0 = 1, so that exp(0) = 1. Error 8.4e-8.
  EXP_P1: 1.000006,
  EXP_P2: 0.49987072,
  EXP_P3: 0.16755559,
  EXP_P4: 0.039061256,
  EXP_P5: 0.011670316,
  // The first float32 above ln 2^-126: below it exp is no longer a normal number.
  EXP_LOWEST: -87.33654,
  // Larger arguments are taken as this one: exp(89) overflows, but only in the last product.
  EXP_HIGHEST: 89,

  // expm1(x) / x on [-1/2, 1/2], degree 6 with P0 = 1, so that expm1(x) = x near 0. Error 9.4e-9.
  // Beyond, what exp(x) loses to the subtraction of 1 costs less than 5e-7.
  EXPM1_P1: 0.50000006,
  EXPM1_P2: 0.16666669,
  EXPM1_P3: 0.041665137,
  EXPM1_P4: 0.0083328225,
  EXPM1_P5: 0.0014004182,
  EXPM1_P6: 0.00020098341,

  // log(1 + f) / f on [sqrt(1/2) - 1, sqrt(2) - 1], degree 8; P0 rounds to 1. Error 5.8e-8.
  LOG_P1: -0.49999988,
  LOG_P2: 0.33334187,
  LOG_P3: -0.25002074,
  LOG_P4: 0.19956832,
  LOG_P5: -0.16562392,
  LOG_P6: 0.14952277,
  LOG_P7: -0.14366865,
  LOG_P8: 0.087223604,

  // Between these log(1 + x) is x times the polynomial above; beyond them the rounding of 1 + x costs
  // log less than 1e-7 of its value.
  LOG1P_LOWEST: -0.29289323,
  LOG1P_HIGHEST: 0.41421357,

  // sin and cos of x = n pi / 2 + r are those of r, exchanged and with a sign. r is computed in
  // integers as in exp: x in units of 2^-24 where that fits into an i32, of 2^-16 from SINE_FINE on,
  // and both are exact where n is not 0.
  FIXED_16: 65536,
  SINE_FINE: 128,
  // Larger arguments are taken as this one. n goes to 5215 here.
  SINE_HIGHEST: 8192,
  TWO_OVER_PI: 0.63661975,
  // round(2^30 pi / 2), an i32. It is off by 0.065 units, so n pi / 2 is by at most 3.2e-7.
  HALF_PI_FIXED_30: 1686629713,

  // sin(r) / r in z = r^2 on [0, 1.001 pi / 4], degree 3 with P0 = 1. Error 8.8e-9.
  SIN_P1: -0.16666655,
  SIN_P2: 0.008332156,
  SIN_P3: -0.00019514632,
  // cos(r) in z on the same interval, degree 3 with P0 = 1. Error 4.1e-8.
  COS_P1: -0.49999884,
  COS_P2: 0.041655734,
  COS_P3: -0.0013591251,

  // tanh(x) / x in z = x^2 on [0, 9.02^2], degrees 4 and 4 with P0 = 1, so that tanh(x) = x near 0.
  // It is a Stieltjes function of z, so all coefficients are positive and nothing cancels.
  // Error 4.1e-8. From 9.02 on, 1 - tanh(x) is less than half a unit in the last place of 1.
  TANH_P1: 0.13382682,
  TANH_P2: 0.0034974522,
  TANH_P3: 2.0635729e-5,
  TANH_P4: 1.3384156e-8,
  TANH_Q1: 0.46716005,
  TANH_Q2: 0.02588434,
  TANH_Q3: 0.00032885082,
  TANH_Q4: 7.790195e-7,
  TANH_HIGHEST: 9.02,

  // Mills' ratio of the normal distribution times 1 / sqrt(2 pi), (1 - Phi(t)) exp(t^2 / 2), on
  // [0, 13.45], degrees 4 and 5 with P0 = 1/2. All coefficients are positive. Error 1.7e-8.
  MILLS_P0: 0.5,
  MILLS_P1: 0.43534485,
  MILLS_P2: 0.18103005,
  MILLS_P3: 0.039884027,
  MILLS_P4: 0.004003296,
  MILLS_Q1: 1.6685746,
  MILLS_Q2: 1.1933864,
  MILLS_Q3: 0.46364376,
  MILLS_Q4: 0.09998183,
  MILLS_Q5: 0.010034632,
  // 1 / sqrt(2 pi).
  NORMAL_DENSITY: 0.3989423,
  // 16 exp(-t^2 / 2) is a normal number up to here; gelu and its derivative are not beyond it.
  GAUSSIAN_HIGHEST: 13.4,
} as const satisfies Readonly<Record<string, number>>;
