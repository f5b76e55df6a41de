import assert from "node:assert/strict";
import { randomStream } from "../random.ts";
import { mean, meanInterval, predictionInterval, wilsonInterval } from "./statistics.ts";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 5e-5, `${actual} is not ${expected}`);

Deno.test("mean", () => {
  assert.equal(mean([1, 2, 6]), 3);
  assert.equal(mean(Float32Array.of(0.5)), 0.5);
  assert.ok(Number.isNaN(mean([])));
});

Deno.test("wilsonInterval: known values", () => {
  // Worked by hand from the formula with z = 1.96: 8 of 10.
  near(wilsonInterval(8, 10).low, 0.4902);
  near(wilsonInterval(8, 10).high, 0.9433);
  near(wilsonInterval(0, 10).high, 0.2775);
  near(wilsonInterval(10, 10).low, 0.7225);
  assert.equal(wilsonInterval(0, 10).low, 0);
  assert.equal(wilsonInterval(10, 10).high, 1);
  assert.deepEqual(wilsonInterval(0, 0), { low: 0, high: 1 });
});

Deno.test("wilsonInterval: refuses what is no proportion", () => {
  assert.throws(() => wilsonInterval(3, 2), RangeError);
  assert.throws(() => wilsonInterval(-1, 2), RangeError);
  assert.throws(() => wilsonInterval(NaN, 2), RangeError);
});

Deno.test("a fresh sample lies in the interval that was foretold for it, as often as it should", () => {
  const random = randomStream({ seed: 3 });
  const count = (size: number) => {
    let successes = 0;
    for (let trial = 0; trial < size; trial++) successes += Number(random.uniform() < 0.02);
    return successes;
  };
  const [trials, size, repeats] = [2000, 1000, 1000];
  let inside = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const { low, high } = predictionInterval(count(trials), trials, { size });
    const share = count(size) / size;
    inside += Number(low <= share && share <= high);
  }
  assert.ok(inside > 0.93 * repeats && inside < 0.975 * repeats, `${inside} of ${repeats}`);
  // The fresh sample has its own chance, however large the one it is foretold from.
  const foretold = predictionInterval(2e7, 1e9, { size });
  assert.ok(foretold.high - 0.02 > 1.9 * Math.sqrt(0.02 * 0.98 / size));
  assert.deepEqual(predictionInterval(0, 0, { size }), { low: 0, high: 1 });
});

Deno.test("meanInterval: Student's t of the sample deviation", () => {
  // Of 1 .. 5: mean 3, deviation sqrt(2.5), quantile 2.7764451052.
  const { low, high } = meanInterval([1, 2, 3, 4, 5])!;
  assert.ok(Math.abs(high - 3 - 2.7764451052 * Math.sqrt(2.5 / 5)) < 1e-9);
  assert.ok(Math.abs(low + high - 6) < 1e-9);
  assert.deepEqual(meanInterval([2, 2]), { low: 2, high: 2 });
  assert.equal(meanInterval([1]), undefined);
  const many = meanInterval(Array.from({ length: 100 }, (_, index) => index % 2))!;
  assert.ok(Math.abs(many.high - 0.5 - 1.9842169515 * Math.sqrt(25 / 99 / 100)) < 1e-9);
});
