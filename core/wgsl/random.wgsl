// Random numbers of a step, twins of core/program/random_keys.ts; need philox.wgsl and functions.wgsl.

// A word of a key, from halves of 16 bits.
fn random_word(low: f32, high: f32) -> u32 {
  return u32(low) | (u32(high) << 16u);
}

// Uniform in [0, 1): the same bits on every device.
fn random_uniform(key: vec2u, element: u32, step: u32, stream: u32) -> f32 {
  return uniform_from_bits(philox4x32(vec4u(element, step, stream, 0u), key).x);
}

// Normal with mean 0 and deviation 1 (Box-Muller).
fn random_normal(key: vec2u, element: u32, step: u32, stream: u32) -> f32 {
  let words = philox4x32(vec4u(element, step, stream, 0u), key);
  let radius = sqrt(-2.0f * hebb_log(uniform_from_bits(words.x) + 5.9604644775390625e-8f));
  return radius * hebb_cos(6.2831853071795864769f * uniform_from_bits(words.y));
}
