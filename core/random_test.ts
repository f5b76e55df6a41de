import assert from "node:assert/strict";
import fc from "fast-check";
import { fillNormal, fillUniform, philox4x32, randomStream } from "./random.ts";

const safe = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const address = fc.record({ seed: safe, stream: u32, step: safe });

/** The definition, in arbitrary precision. */
function philoxReference(counter: readonly number[], key: readonly number[]): number[] {
  const low = (x: bigint) => x & 0xffffffffn;
  let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd2511f53n * c0, p1 = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, low(p1), (p0 >> 32n) ^ c3 ^ k1, low(p0)];
    [k0, k1] = [low(k0 + 0x9e3779b9n), low(k1 + 0xbb67ae85n)];
  }
  return [c0, c1, c2, c3].map(Number);
}

function moments(values: Iterable<number>) {
  const list = [...values];
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  const central = (power: number) =>
    list.reduce((sum, value) => sum + (value - mean) ** power, 0) / list.length;
  return { mean, variance: central(2), third: central(3), fourth: central(4) };
}

function near(actual: number, expected: number, tolerance: number, what = "value"): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${what} is ${actual}, expected ${expected} within ${tolerance}`,
  );
}

/** Pearson's statistic against equal probabilities. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

Deno.test("philox4x32 gives the published known answers", () => {
  const answers: [number[], number[], number[]][] = [
    [[0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
    [
      Array(4).fill(0xffffffff),
      Array(2).fill(0xffffffff),
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ];
  for (const [counter, key, expected] of answers) {
    assert.deepEqual([...philox4x32(Uint32Array.from(counter), Uint32Array.from(key))], expected);
  }
});

Deno.test("philox4x32 equals the definition in arbitrary precision", () => {
  fc.assert(
    fc.property(fc.tuple(u32, u32, u32, u32), fc.tuple(u32, u32), (counter, key) => {
      const words = Uint32Array.from(counter);
      assert.equal(philox4x32(words, Uint32Array.from(key), words), words, "out may be counter");
      assert.deepEqual([...words], philoxReference(counter, key));
    }),
    { numRuns: 500 },
  );
});

Deno.test("randomStream places seed, step and stream in key and counter", () => {
  fc.assert(fc.property(address, ({ seed, stream, step }) => {
    const random = randomStream({ seed, stream, step });
    const key = [Number(BigInt(seed) & 0xffffffffn), Number(BigInt(seed) >> 32n)];
    const steps = [Number(BigInt(step) & 0xffffffffn), Number(BigInt(step) >> 32n)];
    for (const index of [0, 1, 2]) {
      const expected = philoxReference([index, ...steps, stream], key);
      assert.deepEqual(expected.map(() => random.bits()), expected);
    }
  }));
});

Deno.test("randomStream refuses addresses out of range", () => {
  for (const bad of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(() => randomStream({ seed: bad }), RangeError);
    assert.throws(() => randomStream({ seed: 0, step: bad }), RangeError);
    assert.throws(() => randomStream({ seed: 0, stream: bad }), RangeError);
  }
  assert.throws(() => randomStream({ seed: 0, stream: 2 ** 32 }), /stream.*2\^32-1.*4294967296/);
  assert.throws(() => fillUniform(new Float32Array(1), { seed: -1 }), RangeError);
  assert.throws(() => fillUniform(new Float32Array(1), { seed: 1, high: Infinity }), RangeError);
  assert.throws(() => fillNormal(new Float32Array(1), { seed: 1, deviation: NaN }), RangeError);
});

Deno.test("uniform lies in [0, 1), is exact in float32 and has the right moments", () => {
  const random = randomStream({ seed: 3 });
  const values = Array.from({ length: 100_000 }, () => random.uniform());
  for (const value of values) {
    assert.ok(value >= 0 && value < 1 && Math.fround(value) === value && value * 2 ** 24 % 1 === 0);
  }
  const { mean, variance, fourth } = moments(values);
  near(mean, 1 / 2, 0.004);
  near(variance, 1 / 12, 0.002);
  near(fourth, 1 / 80, 0.0005);
});

Deno.test("below is an unbiased integer", () => {
  fc.assert(
    fc.property(address, fc.integer({ min: 1, max: 2 ** 32 }), (where, n) => {
      const value = randomStream(where).below(n);
      assert.ok(Number.isInteger(value) && value >= 0 && value < n);
    }),
  );
  const random = randomStream({ seed: 4 });
  const counts: number[] = Array(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[random.below(7)]!++;
  assert.ok(chiSquare(counts) < 22.5, "6 degrees of freedom, p = .001");
  // With this bound a plain remainder would fall in the lower half 2/3 of the time.
  const bound = 3 * 2 ** 30;
  let lower = 0;
  for (let i = 0; i < 20_000; i++) lower += Number(random.below(bound) < bound / 2);
  near(lower / 20_000, 1 / 2, 0.012);
  for (const bad of [0, -1, 1.5, NaN, 2 ** 32 + 1]) {
    assert.throws(() => random.below(bad), RangeError);
  }
});

Deno.test("normal has the moments of a standard normal", () => {
  const random = randomStream({ seed: 5 });
  const values = Array.from({ length: 200_000 }, () => random.normal());
  const { mean, variance, third, fourth } = moments(values);
  near(mean, 0, 0.009);
  near(variance, 1, 0.013);
  near(third, 0, 0.035);
  near(fourth, 3, 0.09);
  const inside = values.filter((value) => Math.abs(value) < 1).length / values.length;
  near(inside, 0.6826895, 0.004);
});

Deno.test("shuffle permutes in place, every order equally often", () => {
  fc.assert(fc.property(address, fc.array(fc.integer()), (where, list) => {
    const copy = list.slice();
    assert.equal(randomStream(where).shuffle(copy), copy);
    const ascending = (a: number, b: number) => a - b;
    assert.deepEqual(copy.sort(ascending), list.slice().sort(ascending));
  }));
  const counts = new Map<string, number>();
  for (let step = 0; step < 24_000; step++) {
    const order = randomStream({ seed: 6, step }).shuffle(Uint8Array.of(0, 1, 2, 3)).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  assert.ok(chiSquare([...counts.values()]) < 49.7, "23 degrees of freedom, p = .001");
});

Deno.test("sample returns an item, and refuses an empty array", () => {
  const random = randomStream({ seed: 7 });
  const counts = { a: 0, b: 0, c: 0 };
  for (let i = 0; i < 9000; i++) counts[random.sample(["a", "b", "c"] as const)]++;
  assert.ok(chiSquare(Object.values(counts)) < 13.8, "2 degrees of freedom, p = .001");
  assert.equal(random.sample("x"), "x");
  assert.throws(() => random.sample([]), RangeError);
});

Deno.test("streams, steps and seeds are independent", () => {
  const length = 20_000;
  const fill = (where: Parameters<typeof fillNormal>[1]) =>
    fillNormal(new Float32Array(length), where);
  const base = fill({ seed: 1, stream: 1, step: 1 });
  const others = [
    fill({ seed: 2, stream: 1, step: 1 }),
    fill({ seed: 1, stream: 2, step: 1 }),
    fill({ seed: 1, stream: 1, step: 2 }),
    fill({ seed: 2 ** 32 + 1, stream: 1, step: 1 }),
    fill({ seed: 1, stream: 1, step: 2 ** 32 + 1 }),
    base.slice(1),
    base.slice(2),
  ];
  for (const [index, other] of others.entries()) {
    const products = other.reduce((sum, value, i) => sum + value * base[i]!, 0);
    near(products / length, 0, 4 / Math.sqrt(length), `correlation ${index}`);
  }
});

Deno.test("fillUniform and fillNormal give the numbers of a fresh stream", () => {
  fc.assert(fc.property(address, fc.integer({ min: 0, max: 13 }), (where, length) => {
    const uniforms = randomStream(where), normals = randomStream(where);
    assert.deepEqual(
      fillUniform(new Float32Array(length), where),
      Float32Array.from({ length }, () => uniforms.uniform()),
    );
    assert.deepEqual(
      fillNormal(new Float32Array(length), where),
      Float32Array.from({ length }, () => normals.normal()),
    );
  }));
});

Deno.test("fillUniform scales in float32, fillNormal to mean and deviation", () => {
  const unit = fillUniform(new Float32Array(999), { seed: 8 });
  const scaled = fillUniform(new Float32Array(999), { seed: 8, low: -0.1, high: 0.3 });
  const low = Math.fround(-0.1), range = Math.fround(0.4);
  for (const [i, u] of unit.entries()) {
    assert.equal(scaled[i], Math.fround(low + Math.fround(range * u)));
  }
  const { mean, variance } = moments(
    fillNormal(new Float32Array(50_000), { seed: 9, mean: 3, deviation: 0.5 }),
  );
  near(mean, 3, 0.01);
  near(variance, 0.25, 0.007);
});

Deno.test("a stream says where its numbers lie", () => {
  assert.deepEqual(randomStream({ seed: 3 }).address, { seed: 3, stream: 0, step: 0 });
  const address = { seed: 3, stream: 4, step: 5 };
  assert.deepEqual(randomStream(address).address, address);
});
