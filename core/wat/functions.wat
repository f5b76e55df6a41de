;; Elementary functions of four f32 at a time, v128 -> v128: relative error below 1e-6 wherever the
;; result is a normal number. Twins of core/numerics/testing/float32_functions.ts, which says what
;; holds at the ends of the range; the names in capitals are in core/numerics/coefficients.ts.
;;
;; Straight-line: comparisons end in masks. Where select(x, H, x > H) is one instruction it is
;; (f32x4.pmin x H), H < x ? H : x, and likewise pmax: NaN in the first operand passes through.
;;
;; core/wat/expand_macros.ts expands these macros:
;;   (F32 c), (I32 c)   a constant in all four lanes: a number, NAME or -NAME
;;   (FMA a b c)        a b + c
;;   (TRUNCATE a)       f32x4 to i32x4 towards zero; any result where a is not an i32
;;   (SELECT f t mask)  t where the mask is all ones, f where it is zero

;; A whole n with a log2(e) - n in [-1/512, 1] for |a| < 2^13. 0x474000 is the bits of FLOOR_SHIFT
;; without the last 8.
(func $hebb_exp_exponent (param $a v128) (result v128)
  (i32x4.sub
    (i32x4.shr_s (FMA (local.get $a) (F32 LOG2_E) (F32 FLOOR_SHIFT)) (i32.const 8))
    (I32 0x474000)))

;; a - n ln 2, between -2 and 2, from 2^24 a: the integers wrap around, their difference is right.
(func $hebb_exp_remainder (param $fixed_24 v128) (param $n v128) (result v128)
  (f32x4.mul
    (f32x4.convert_i32x4_s
      (i32x4.sub
        (i32x4.shl (TRUNCATE (local.get $fixed_24)) (i32.const 6))
        (i32x4.mul (local.get $n) (I32 LN2_FIXED_30))))
    (F32 FIXED_30_UNIT)))

;; 2^n exp(r) for r in [0, ln 2] and n in [-126, 127].
(func $hebb_exp_scaled (param $r v128) (param $n v128) (result v128)
  (local $p v128)
  (local.set $p (FMA (F32 EXP_P5) (local.get $r) (F32 EXP_P4)))
  (local.set $p (FMA (local.get $p) (local.get $r) (F32 EXP_P3)))
  (local.set $p (FMA (local.get $p) (local.get $r) (F32 EXP_P2)))
  (local.set $p (FMA (local.get $p) (local.get $r) (F32 EXP_P1)))
  (local.set $p (FMA (local.get $p) (local.get $r) (F32 1)))
  (f32x4.mul
    (local.get $p)
    (i32x4.shl (i32x4.add (local.get $n) (I32 127)) (i32.const 23))))

(func $hebb_exp (param $x v128) (result v128)
  (local $a v128) (local $n v128) (local $y v128)
  (local.set $a (f32x4.pmin (local.get $x) (F32 EXP_HIGHEST)))
  (local.set $a (f32x4.pmax (local.get $a) (F32 EXP_LOWEST)))
  (local.set $n (i32x4.min_s (call $hebb_exp_exponent (local.get $a)) (I32 127)))
  (local.set $y
    (call $hebb_exp_scaled
      (call $hebb_exp_remainder
        (f32x4.mul (local.get $a) (F32 FIXED_24))
        (local.get $n))
      (local.get $n)))
  (local.set $y
    (v128.and (local.get $y) (f32x4.ge (local.get $x) (F32 EXP_LOWEST))))
  ;; The integers have lost a NaN. exp(x) >= x, so this returns y for every other x.
  (f32x4.pmax (local.get $x) (local.get $y)))

(func $hebb_expm1 (param $x v128) (result v128)
  (local $near v128) (local $a v128) (local $p v128)
  (local.set $near (f32x4.lt (f32x4.abs (local.get $x)) (F32 0.5)))
  (local.set $a (v128.and (local.get $x) (local.get $near)))
  (local.set $p (FMA (F32 EXPM1_P6) (local.get $a) (F32 EXPM1_P5)))
  (local.set $p (FMA (local.get $p) (local.get $a) (F32 EXPM1_P4)))
  (local.set $p (FMA (local.get $p) (local.get $a) (F32 EXPM1_P3)))
  (local.set $p (FMA (local.get $p) (local.get $a) (F32 EXPM1_P2)))
  (local.set $p (FMA (local.get $p) (local.get $a) (F32 EXPM1_P1)))
  (local.set $p (FMA (local.get $p) (local.get $a) (F32 1)))
  (SELECT
    (f32x4.sub (call $hebb_exp (local.get $x)) (F32 1))
    (f32x4.mul (local.get $a) (local.get $p))
    (local.get $near)))

;; log(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)].
(func $hebb_log_near_one (param $f v128) (result v128)
  (local $p v128)
  (local.set $p (FMA (F32 LOG_P8) (local.get $f) (F32 LOG_P7)))
  (local.set $p (FMA (local.get $p) (local.get $f) (F32 LOG_P6)))
  (local.set $p (FMA (local.get $p) (local.get $f) (F32 LOG_P5)))
  (local.set $p (FMA (local.get $p) (local.get $f) (F32 LOG_P4)))
  (local.set $p (FMA (local.get $p) (local.get $f) (F32 LOG_P3)))
  (local.set $p (FMA (local.get $p) (local.get $f) (F32 LOG_P2)))
  (local.set $p (FMA (local.get $p) (local.get $f) (F32 LOG_P1)))
  (local.set $p (FMA (local.get $p) (local.get $f) (F32 1)))
  (f32x4.mul (local.get $f) (local.get $p)))

(func $hebb_log (param $x v128) (result v128)
  (local $subnormal v128) (local $bits v128) (local $exponent v128)
  (local $f v128) (local $y v128)
  ;; A subnormal is its mantissa, a whole number, times 2^-149. (So is a negative number here, and
  ;; its result is replaced below.)
  (local.set $subnormal (i32x4.lt_s (local.get $x) (I32 0x00800000)))
  (local.set $bits
    (SELECT
      (local.get $x)
      (f32x4.convert_i32x4_s (v128.and (local.get $x) (I32 0x007fffff)))
      (local.get $subnormal)))
  ;; x = 2^exponent (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)); 0x3f3504f3 is sqrt(1/2).
  (local.set $exponent
    (i32x4.shr_s (i32x4.sub (local.get $bits) (I32 0x3f3504f3)) (i32.const 23)))
  (local.set $f
    (f32x4.sub
      (i32x4.sub (local.get $bits) (i32x4.shl (local.get $exponent) (i32.const 23)))
      (F32 1)))
  (local.set $y
    (FMA
      (f32x4.convert_i32x4_s
        (i32x4.sub (local.get $exponent) (v128.and (local.get $subnormal) (I32 149))))
      (F32 LN2)
      (call $hebb_log_near_one (local.get $f))))
  ;; Infinity and NaN are their own logarithm, 0 gives -infinity, negative numbers NaN.
  (local.set $y (SELECT (local.get $x) (local.get $y) (f32x4.lt (local.get $x) (F32 inf))))
  (local.set $y (SELECT (local.get $y) (F32 -inf) (f32x4.eq (local.get $x) (F32 0))))
  (v128.or (local.get $y) (f32x4.lt (local.get $x) (F32 0))))

(func $hebb_log1p (param $x v128) (result v128)
  (local $near v128)
  (local.set $near
    (v128.and
      (f32x4.gt (local.get $x) (F32 LOG1P_LOWEST))
      (f32x4.lt (local.get $x) (F32 LOG1P_HIGHEST))))
  (SELECT
    (call $hebb_log (f32x4.add (F32 1) (local.get $x)))
    (call $hebb_log_near_one (v128.and (local.get $x) (local.get $near)))
    (local.get $near)))

;; sin(x + quarters pi / 2), with x = n pi / 2 + r.
(func $hebb_sine (param $x v128) (param $quarters v128) (result v128)
  (local $a v128) (local $coarse v128) (local $fixed v128) (local $n v128) (local $r v128)
  (local $z v128) (local $s v128) (local $c v128) (local $quadrant v128)
  (local.set $a (f32x4.pmin (local.get $x) (F32 SINE_HIGHEST)))
  (local.set $a (f32x4.pmax (local.get $a) (F32 -SINE_HIGHEST)))
  (local.set $coarse (f32x4.ge (f32x4.abs (local.get $a)) (F32 SINE_FINE)))
  (local.set $fixed
    (TRUNCATE
      (f32x4.mul (local.get $a) (SELECT (F32 FIXED_24) (F32 FIXED_16) (local.get $coarse)))))
  (local.set $n
    (TRUNCATE (f32x4.floor (FMA (local.get $a) (F32 TWO_OVER_PI) (F32 0.5)))))
  (local.set $r
    (f32x4.mul
      (f32x4.convert_i32x4_s
        (i32x4.sub
          (SELECT
            (i32x4.shl (local.get $fixed) (i32.const 6))
            (i32x4.shl (local.get $fixed) (i32.const 14))
            (local.get $coarse))
          (i32x4.mul (local.get $n) (I32 HALF_PI_FIXED_30))))
      (F32 FIXED_30_UNIT)))
  (local.set $r (SELECT (local.get $r) (local.get $a) (i32x4.eq (local.get $n) (I32 0))))
  (local.set $z (f32x4.mul (local.get $r) (local.get $r)))
  (local.set $s (FMA (F32 SIN_P3) (local.get $z) (F32 SIN_P2)))
  (local.set $s (FMA (local.get $s) (local.get $z) (F32 SIN_P1)))
  (local.set $s (f32x4.mul (local.get $r) (FMA (local.get $s) (local.get $z) (F32 1))))
  (local.set $c (FMA (F32 COS_P3) (local.get $z) (F32 COS_P2)))
  (local.set $c (FMA (local.get $c) (local.get $z) (F32 COS_P1)))
  (local.set $c (FMA (local.get $c) (local.get $z) (F32 1)))
  (local.set $quadrant (i32x4.add (local.get $n) (local.get $quarters)))
  ;; NaN where x - x is.
  (f32x4.add
    (f32x4.sub (local.get $x) (local.get $x))
    (v128.xor
      (SELECT
        (local.get $s)
        (local.get $c)
        (i32x4.eq (v128.and (local.get $quadrant) (I32 1)) (I32 1)))
      (i32x4.shl (v128.and (local.get $quadrant) (I32 2)) (i32.const 30)))))

(func $hebb_cos (param $x v128) (result v128)
  (call $hebb_sine (local.get $x) (I32 1)))

(func $hebb_sin (param $x v128) (result v128)
  (call $hebb_sine (local.get $x) (I32 0)))

(func $hebb_tanh (param $x v128) (result v128)
  (local $a v128) (local $z v128) (local $p v128) (local $q v128)
  (local.set $a (f32x4.pmin (local.get $x) (F32 TANH_HIGHEST)))
  (local.set $a (f32x4.pmax (local.get $a) (F32 -TANH_HIGHEST)))
  (local.set $z (f32x4.mul (local.get $a) (local.get $a)))
  (local.set $p (FMA (F32 TANH_P4) (local.get $z) (F32 TANH_P3)))
  (local.set $p (FMA (local.get $p) (local.get $z) (F32 TANH_P2)))
  (local.set $p (FMA (local.get $p) (local.get $z) (F32 TANH_P1)))
  (local.set $p (FMA (local.get $p) (local.get $z) (F32 1)))
  (local.set $q (FMA (F32 TANH_Q4) (local.get $z) (F32 TANH_Q3)))
  (local.set $q (FMA (local.get $q) (local.get $z) (F32 TANH_Q2)))
  (local.set $q (FMA (local.get $q) (local.get $z) (F32 TANH_Q1)))
  (local.set $q (FMA (local.get $q) (local.get $z) (F32 1)))
  (f32x4.pmax
    (f32x4.pmin
      (f32x4.div (f32x4.mul (local.get $a) (local.get $p)) (local.get $q))
      (F32 1))
    (F32 -1)))

(func $hebb_sigmoid (param $x v128) (result v128)
  (local $e v128)
  (local.set $e (call $hebb_exp (f32x4.neg (f32x4.abs (local.get $x)))))
  (f32x4.div
    (SELECT (F32 1) (local.get $e) (f32x4.lt (local.get $x) (F32 0)))
    (f32x4.add (F32 1) (local.get $e))))

(func $hebb_softplus (param $x v128) (result v128)
  (f32x4.add
    (f32x4.pmax (F32 0) (local.get $x))
    (call $hebb_log1p (call $hebb_exp (f32x4.neg (f32x4.abs (local.get $x)))))))

;; a^b of a >= 0.
(func $hebb_pow (param $a v128) (param $b v128) (result v128)
  (SELECT
    (call $hebb_exp (f32x4.mul (local.get $b) (call $hebb_log (local.get $a))))
    (F32 1)
    (v128.and (f32x4.eq (local.get $b) (F32 0)) (f32x4.ge (local.get $a) (F32 0)))))

;; sqrt(a^2 + b^2).
(func $hebb_hypot (param $a v128) (param $b v128) (result v128)
  (local $first v128) (local $large v128) (local $small v128) (local $ratio v128)
  (local.set $a (f32x4.abs (local.get $a)))
  (local.set $b (f32x4.abs (local.get $b)))
  (local.set $first (f32x4.gt (local.get $a) (local.get $b)))
  (local.set $large (SELECT (local.get $b) (local.get $a) (local.get $first)))
  (local.set $small (SELECT (local.get $a) (local.get $b) (local.get $first)))
  (local.set $ratio
    (SELECT
      (f32x4.div (local.get $small) (local.get $large))
      (F32 1)
      (f32x4.eq (local.get $small) (local.get $large))))
  (f32x4.mul
    (local.get $large)
    (f32x4.sqrt (FMA (local.get $ratio) (local.get $ratio) (F32 1)))))

;; 16 exp(-t^2 / 2) for t in [0, GAUSSIAN_HIGHEST]: times 16 because gelu's derivative is still a
;; normal number where exp(-t^2 / 2) is not. The square is taken in two parts, or its rounding alone
;; would cost 5e-6: $high has 12 significant bits, so its square is exact.
(func $hebb_gaussian_16 (param $t v128) (result v128)
  (local $high v128) (local $half v128) (local $n v128) (local $r v128)
  (local.set $high (v128.and (local.get $t) (I32 0xfffff000)))
  (local.set $n
    (call $hebb_exp_exponent
      (f32x4.mul (f32x4.mul (F32 -0.5) (local.get $t)) (local.get $t))))
  (local.set $half (f32x4.mul (F32 -0.5) (local.get $high)))
  (local.set $r
    (FMA
      (f32x4.mul (F32 -0.5) (f32x4.sub (local.get $t) (local.get $high)))
      (f32x4.add (local.get $t) (local.get $high))
      (call $hebb_exp_remainder
        (f32x4.mul (f32x4.mul (local.get $half) (local.get $high)) (F32 FIXED_24))
        (local.get $n))))
  (call $hebb_exp_scaled (local.get $r) (i32x4.add (local.get $n) (I32 4))))

;; (1 - Phi(t)) exp(t^2 / 2) for t in [0, GAUSSIAN_HIGHEST].
(func $hebb_mills (param $t v128) (result v128)
  (local $p v128) (local $q v128)
  (local.set $p (FMA (F32 MILLS_P4) (local.get $t) (F32 MILLS_P3)))
  (local.set $p (FMA (local.get $p) (local.get $t) (F32 MILLS_P2)))
  (local.set $p (FMA (local.get $p) (local.get $t) (F32 MILLS_P1)))
  (local.set $p (FMA (local.get $p) (local.get $t) (F32 MILLS_P0)))
  (local.set $q (FMA (F32 MILLS_Q5) (local.get $t) (F32 MILLS_Q4)))
  (local.set $q (FMA (local.get $q) (local.get $t) (F32 MILLS_Q3)))
  (local.set $q (FMA (local.get $q) (local.get $t) (F32 MILLS_Q2)))
  (local.set $q (FMA (local.get $q) (local.get $t) (F32 MILLS_Q1)))
  (local.set $q (FMA (local.get $q) (local.get $t) (F32 1)))
  (f32x4.div (local.get $p) (local.get $q)))

(func $hebb_gelu (param $x v128) (result v128)
  (local $magnitude v128) (local $beyond v128) (local $t v128) (local $tail v128)
  (local.set $magnitude (f32x4.abs (local.get $x)))
  (local.set $beyond (f32x4.gt (local.get $magnitude) (F32 GAUSSIAN_HIGHEST)))
  (local.set $t (f32x4.pmin (local.get $magnitude) (F32 GAUSSIAN_HIGHEST)))
  (local.set $tail
    (f32x4.mul
      (f32x4.mul
        (call $hebb_gaussian_16 (local.get $t))
        (f32x4.mul (local.get $t) (call $hebb_mills (local.get $t))))
      (F32 0.0625)))
  (f32x4.sub
    (f32x4.pmax (F32 0) (local.get $x))
    (v128.andnot (local.get $tail) (local.get $beyond))))

(func $hebb_gelu_derivative (param $x v128) (result v128)
  (local $magnitude v128) (local $beyond v128) (local $t v128) (local $tail v128)
  (local.set $magnitude (f32x4.abs (local.get $x)))
  (local.set $beyond (f32x4.gt (local.get $magnitude) (F32 GAUSSIAN_HIGHEST)))
  (local.set $t (f32x4.pmin (local.get $magnitude) (F32 GAUSSIAN_HIGHEST)))
  (local.set $tail
    (f32x4.mul
      (f32x4.mul
        (call $hebb_gaussian_16 (local.get $t))
        (FMA (local.get $t) (F32 -NORMAL_DENSITY) (call $hebb_mills (local.get $t))))
      (F32 0.0625)))
  (local.set $tail (v128.andnot (local.get $tail) (local.get $beyond)))
  (SELECT
    (f32x4.sub (F32 1) (local.get $tail))
    (local.get $tail)
    (f32x4.lt (local.get $x) (F32 0))))
