/**
 * Counter-based random numbers: Philox4x32-10, addressed by (seed, stream, step, index).
 *
 * Nothing is stored between steps, so a resumed run draws what an uninterrupted one would, and any
 * device can compute any number alone. `wgsl/philox.wgsl` and `wat/random.wat` are twins of `philox4x32` and of
 * the conversion to uniform numbers.
 *
 * Source: Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
 */

/** Where random numbers lie. Different addresses give independent numbers. */
export interface RandomAddress {
  /** Non-negative safe integer: another one for each replica or run. */
  readonly seed: number;
  /** u32, default 0: what the numbers are for, such as a parameter or a split of a data set. */
  readonly stream?: number;
  /** Non-negative safe integer, default 0: the training step, or the number of a sequence. */
  readonly step?: number;
}

/** Random numbers drawn one after another from one address. */
export interface RandomStream {
  /** Where the numbers lie, with defaults filled in. */
  readonly address: Required<RandomAddress>;
  /** A uniform u32. @throws RangeError after 2^34 of them. */
  bits(): number;
  /** Uniform in [0, 1): a multiple of 2^-24, exact in float32. Uses one word. */
  uniform(): number;
  /** Uniform integer in [0, n), unbiased. @throws RangeError unless n is an integer in 1..2^32. */
  below(n: number): number;
  /**
   * Standard normal number by Box-Muller. Two words make two numbers, the second of which is kept for
   * the next call. Magnitudes end at sqrt(48 ln 2) = 5.77, the resolution of 24-bit uniforms.
   */
  normal(): number;
  /** Shuffles in place (Fisher-Yates) and returns the same array. */
  shuffle<A extends { readonly length: number; [index: number]: unknown }>(array: A): A;
  /** An item, all equally likely. @throws RangeError if there is none. */
  sample<V>(array: ArrayLike<V>): V;
}

/** The number of the stream that belongs to a name (FNV-1a; Fowler, Noll and Vo). */
export function streamOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}

const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const BLOCKS = 2 ** 32;

/** High 32 bits of a 64-bit product, as an int32. 16-bit halves keep every step exact. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff, aHigh = a >>> 16;
  const bLow = b & 0xffff, bHigh = b >>> 16;
  const middle = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16) | 0;
  const carry = Math.imul(aLow, bHigh) + (middle & 0xffff) | 0;
  return Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16) | 0;
}

/**
 * Philox4x32-10: four random words from a counter (4 words) and a key (2 words).
 *
 * Writes into `out` (4 words; may be `counter` itself) and returns it.
 */
export function philox4x32(
  counter: Uint32Array,
  key: Uint32Array,
  out: Uint32Array = new Uint32Array(4),
): Uint32Array {
  let c0 = counter[0]! | 0, c1 = counter[1]! | 0, c2 = counter[2]! | 0, c3 = counter[3]! | 0;
  let k0 = key[0]! | 0, k1 = key[1]! | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0), low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2), low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = k0 + WEYL_0 | 0;
    k1 = k1 + WEYL_1 | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
  return out;
}

/** Uniform in [0, 1) from the upper 24 bits of a word: exact in float32. */
export function uniformFromBits(bits: number): number {
  return (bits >>> 8) * 2 ** -24;
}

/** Radius of a Box-Muller pair; the uniform is moved to (0, 1] so that its logarithm is finite. */
function normalRadius(bits: number): number {
  return Math.sqrt(-2 * Math.log(uniformFromBits(bits) + 2 ** -24));
}

/** Angle of a Box-Muller pair. */
function normalAngle(bits: number): number {
  return 2 * Math.PI * uniformFromBits(bits);
}

/** A standard normal number by Box-Muller, from two words. */
export const normalFromBits = (radius: number, angle: number): number =>
  normalRadius(radius) * Math.cos(normalAngle(angle));

/** Key (seed low 32 bits, seed high 21) and first counter (index 0, step low, step high, stream). */
function resolveAddress({ seed, stream = 0, step = 0 }: RandomAddress) {
  for (const [name, value] of [["seed", seed], ["step", step]] as const) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`Random ${name} must be an integer in 0..2^53-1: it is ${value}`);
    }
  }
  if (!Number.isInteger(stream) || stream < 0 || stream >= 2 ** 32) {
    throw new RangeError(`Random stream must be an integer in 0..2^32-1: it is ${stream}`);
  }
  // Typed arrays reduce modulo 2^32, which leaves the low words.
  return {
    key: Uint32Array.of(seed, Math.floor(seed / 2 ** 32)),
    counter: Uint32Array.of(0, step, Math.floor(step / 2 ** 32), stream),
  };
}

/**
 * Opens the stream at an address. It holds 2^34 words.
 *
 * @throws RangeError if a part of the address is out of its range.
 * @example
 * const random = randomStream({ seed: 1, stream: 7 });
 * const item = random.sample(["a", "b", "c"]);
 */
export function randomStream(address: RandomAddress): RandomStream {
  const { key, counter } = resolveAddress(address);
  const block = new Uint32Array(4);
  let index = 0;
  let word = 4;
  let spare: number | undefined;

  function bits(): number {
    if (word === 4) {
      if (index === BLOCKS) throw new RangeError("Random stream is exhausted after 2^34 words");
      counter[0] = index++;
      philox4x32(counter, key, block);
      word = 0;
    }
    return block[word++]!;
  }

  function below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
      throw new RangeError(`Random bound must be an integer in 1..2^32: it is ${n}`);
    }
    // Words beyond the last whole multiple of n would favour small results: draw again.
    const limit = 2 ** 32 - 2 ** 32 % n;
    let value = bits();
    while (value >= limit) value = bits();
    return value % n;
  }

  function normal(): number {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = normalRadius(bits());
    const angle = normalAngle(bits());
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  function shuffle<A extends { readonly length: number; [index: number]: unknown }>(array: A): A {
    const items: { [index: number]: unknown } = array;
    for (let last = array.length - 1; last > 0; last--) {
      const other = below(last + 1);
      const item = items[last];
      items[last] = items[other];
      items[other] = item;
    }
    return array;
  }

  function sample<V>(array: ArrayLike<V>): V {
    if (array.length === 0) throw new RangeError("Cannot sample from an array without items");
    return array[below(array.length)]!;
  }

  return {
    address: { stream: 0, step: 0, ...address },
    bits,
    uniform: () => uniformFromBits(bits()),
    below,
    normal,
    shuffle,
    sample,
  };
}

/** Calls `visit` for each block of four elements, with the number of the first one and its words. */
function forEachBlock(
  length: number,
  address: RandomAddress,
  visit: (first: number, block: Uint32Array) => void,
): void {
  const { key, counter } = resolveAddress(address);
  const block = new Uint32Array(4);
  for (let first = 0; first < length; first += 4) {
    counter[0] = first / 4;
    visit(first, philox4x32(counter, key, block));
  }
}

function requireFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) {
    throw new RangeError(`Random ${name} must be a finite number: it is ${value}`);
  }
}

/**
 * Fills with uniform numbers from `low` (default 0) to `high` (default 1), and returns `out`.
 *
 * Element i is low + (high - low) u, in float32 arithmetic, with u made from word i % 4 of block
 * floor(i / 4). `high` itself can only appear by rounding.
 *
 * @throws RangeError on a bad address or a bound that is not finite.
 * @example
 * const weights = fillUniform(new Float32Array(12), { seed: 1, low: -0.1, high: 0.1 });
 */
export function fillUniform(
  out: Float32Array,
  { low = 0, high = 1, ...address }: RandomAddress & {
    readonly low?: number;
    readonly high?: number;
  },
): Float32Array {
  requireFinite("low", low);
  requireFinite("high", high);
  const range = Math.fround(high - low);
  const offset = Math.fround(low);
  forEachBlock(out.length, address, (first, block) => {
    const end = Math.min(first + 4, out.length);
    for (let i = first; i < end; i++) {
      out[i] = offset + Math.fround(range * uniformFromBits(block[i - first]!));
    }
  });
  return out;
}

/**
 * Fills with normal numbers of mean `mean` (default 0) and deviation `deviation` (default 1), and
 * returns `out`.
 *
 * Elements i and i + 1 (i even) are the cosine and the sine of one Box-Muller pair, made from words
 * i % 4 and i % 4 + 1 of block floor(i / 4): the numbers that `normal()` gives on a fresh stream.
 *
 * @throws RangeError on a bad address, or a mean or deviation that is not finite.
 * @example
 * const weights = fillNormal(new Float32Array(12), { seed: 1, deviation: 0.3 });
 */
export function fillNormal(
  out: Float32Array,
  { mean = 0, deviation = 1, ...address }:
    & RandomAddress
    & { readonly mean?: number; readonly deviation?: number },
): Float32Array {
  requireFinite("mean", mean);
  requireFinite("deviation", deviation);
  forEachBlock(out.length, address, (first, block) => {
    const end = Math.min(first + 4, out.length);
    for (let i = first; i < end; i += 2) {
      const radius = deviation * normalRadius(block[i - first]!);
      const angle = normalAngle(block[i - first + 1]!);
      out[i] = mean + radius * Math.cos(angle);
      if (i + 1 < end) out[i + 1] = mean + radius * Math.sin(angle);
    }
  });
  return out;
}
