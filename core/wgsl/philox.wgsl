// Philox4x32-10, the twin of core/random.ts: the same words, bit for bit.
// counter = (block index, step low, step high, stream); key = (seed low, seed high).

// High 32 bits of a 64-bit product, from 16-bit halves: no step overflows a u32.
fn philox_multiply_high(a: u32, b: u32) -> u32 {
  let a_low = a & 0xffffu;
  let a_high = a >> 16u;
  let b_low = b & 0xffffu;
  let b_high = b >> 16u;
  let middle = a_high * b_low + ((a_low * b_low) >> 16u);
  let carry = a_low * b_high + (middle & 0xffffu);
  return a_high * b_high + (middle >> 16u) + (carry >> 16u);
}

// Four random words from a counter and a key.
fn philox4x32(counter: vec4u, key: vec2u) -> vec4u {
  var c: vec4u = counter;
  var k: vec2u = key;
  for (var round: u32 = 0u; round < 10u; round = round + 1u) {
    let high_0 = philox_multiply_high(0xd2511f53u, c.x);
    let low_0 = 0xd2511f53u * c.x;
    let high_1 = philox_multiply_high(0xcd9e8d57u, c.z);
    let low_1 = 0xcd9e8d57u * c.z;
    c = vec4u(high_1 ^ c.y ^ k.x, low_1, high_0 ^ c.w ^ k.y, low_0);
    k = k + vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}

// Uniform in [0, 1) from the upper 24 bits of a word: exact in f32.
fn uniform_from_bits(bits: u32) -> f32 {
  return f32(bits >> 8u) * (1.0 / 16777216.0);
}
