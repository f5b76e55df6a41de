// Operations whose built-in form may lose a NaN, as IEEE 754 has them. WGSL lets a compiler assume that
// no number is NaN or infinite, but not so of its bits. What a compiler cancels in a sum, as in x + y - x,
// may still take a NaN with it.

fn ieee_is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

// NaN where a or b is.
fn ieee_maximum(a: f32, b: f32) -> f32 {
  return select(max(a, b), a + b, ieee_is_nan(a) | ieee_is_nan(b));
}

// NaN where a or b is.
fn ieee_minimum(a: f32, b: f32) -> f32 {
  return select(min(a, b), a + b, ieee_is_nan(a) | ieee_is_nan(b));
}

// 1 with the sign of x; x itself where it is 0 or NaN. Of |x|, 1 to 0x7f800000 are the other numbers.
fn ieee_sign(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let one = bitcast<f32>((bits & 0x80000000u) | 0x3f800000u);
  return select(x, one, (bits & 0x7fffffffu) - 1u < 0x7f800000u);
}

// Whether a condition holds: it is not 0. NaN holds.
fn ieee_holds(condition: f32) -> bool {
  return (bitcast<u32>(condition) & 0x7fffffffu) != 0u;
}

// x - x: 0, and NaN of what is not finite.
fn ieee_zero(x: f32) -> f32 {
  let broken = (bitcast<u32>(x) & 0x7f800000u) == 0x7f800000u;
  return bitcast<f32>(select(0u, 0x7fc00000u, broken));
}
