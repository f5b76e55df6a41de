;; Random numbers of a step, four elements at a time: twins of core/program/random_keys.ts, bit for bit
;; where they are uniform. Each lane is a Philox4x32-10 block of its own.

;; A word of a key, from halves of 16 bits.
(func $hebb_random_word (param $low f32) (param $high f32) (result i32)
  (i32.or
    (i32.trunc_sat_f32_u (local.get $low))
    (i32.shl (i32.trunc_sat_f32_u (local.get $high)) (i32.const 16))))

;; High words of four products of u32.
(func $hebb_random_high (param $a v128) (param $b v128) (result v128)
  (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31
    (i64x2.extmul_low_i32x4_u (local.get $a) (local.get $b))
    (i64x2.extmul_high_i32x4_u (local.get $a) (local.get $b))))

;; The first two words of the blocks at the counters (element, step, stream, 0).
(func $hebb_random_words
  (param $k0 i32) (param $k1 i32) (param $element v128) (param $step i32) (param $stream i32)
  (result v128 v128)
  (local $c1 v128) (local $c2 v128) (local $c3 v128) (local $high v128) (local $round i32)
  (local.set $c1 (i32x4.splat (local.get $step)))
  (local.set $c2 (i32x4.splat (local.get $stream)))
  (loop $next
    ;; c0 and c2 are needed until both products are made.
    (local.set $high
      (v128.xor
        (v128.xor (call $hebb_random_high (local.get $c2) (I32 0xcd9e8d57)) (local.get $c1))
        (i32x4.splat (local.get $k0))))
    (local.set $c1 (i32x4.mul (local.get $c2) (I32 0xcd9e8d57)))
    (local.set $c2
      (v128.xor
        (v128.xor (call $hebb_random_high (local.get $element) (I32 0xd2511f53)) (local.get $c3))
        (i32x4.splat (local.get $k1))))
    (local.set $c3 (i32x4.mul (local.get $element) (I32 0xd2511f53)))
    (local.set $element (local.get $high))
    (local.set $k0 (i32.add (local.get $k0) (i32.const 0x9e3779b9)))
    (local.set $k1 (i32.add (local.get $k1) (i32.const 0xbb67ae85)))
    (local.set $round (i32.add (local.get $round) (i32.const 1)))
    (br_if $next (i32.lt_u (local.get $round) (i32.const 10))))
  (local.get $element)
  (local.get $c1))

;; Uniform in [0, 1) from the upper 24 bits of each word.
(func $hebb_random_from_bits (param $words v128) (result v128)
  (f32x4.mul
    (f32x4.convert_i32x4_u (i32x4.shr_u (local.get $words) (i32.const 8)))
    (F32 5.9604644775390625e-8)))

(func $hebb_random_uniform
  (param $k0 i32) (param $k1 i32) (param $element v128) (param $step i32) (param $stream i32)
  (result v128)
  (local $first v128)
  (call $hebb_random_words
    (local.get $k0) (local.get $k1) (local.get $element) (local.get $step) (local.get $stream))
  (drop)
  (local.set $first)
  (call $hebb_random_from_bits (local.get $first)))

;; Normal with mean 0 and deviation 1 (Box-Muller).
(func $hebb_random_normal
  (param $k0 i32) (param $k1 i32) (param $element v128) (param $step i32) (param $stream i32)
  (result v128)
  (local $first v128) (local $second v128)
  (call $hebb_random_words
    (local.get $k0) (local.get $k1) (local.get $element) (local.get $step) (local.get $stream))
  (local.set $second)
  (local.set $first)
  (f32x4.mul
    (f32x4.sqrt
      (f32x4.mul
        (F32 -2)
        (call $hebb_log
          (f32x4.add
            (call $hebb_random_from_bits (local.get $first))
            (F32 5.9604644775390625e-8)))))
    (call $hebb_cos
      (f32x4.mul
        (F32 6.283185307179586)
        (call $hebb_random_from_bits (local.get $second))))))
