import assert from "node:assert/strict";
import { randomStream } from "../random.ts";
import { clusteredRatioInterval } from "./clustered.ts";
import { jackknifeInterval } from "./jackknife.ts";
import { studentQuantile } from "./student.ts";

Deno.test("jackknife: of a mean it is the interval of Student's t", () => {
  const values = [3, 5, 4, 8, 6];
  const { low, high } = jackknifeInterval(values.map((x) => [x, 1]), ([x, n]) => x! / n!)!;
  const mean = 26 / 5;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 4;
  const half = studentQuantile(4) * Math.sqrt(variance / 5);
  assert.ok(Math.abs(low - (mean - half)) < 1e-12 && Math.abs(high - (mean + half)) < 1e-12);
});

Deno.test("jackknife: of a ratio of many sums it is nearly the one by linearisation", () => {
  const random = randomStream({ seed: 3 });
  const groups = Array.from({ length: 400 }, () => {
    const below = 1 + random.below(9);
    return [below * (2 + random.normal()), below];
  });
  const jackknife = jackknifeInterval(groups, ([above, below]) => above! / below!)!;
  const linear = clusteredRatioInterval(groups.map(([above, below]) => ({
    above: above!,
    below: below!,
  })))!;
  const width = linear.high - linear.low;
  assert.ok(Math.abs(jackknife.low - linear.low) < 0.02 * width);
  assert.ok(Math.abs(jackknife.high - linear.high) < 0.02 * width);
});

Deno.test("jackknife: the interval of a root of a mean square holds the truth about 95 times in 100", () => {
  let held = 0;
  const runs = 400;
  for (let seed = 0; seed < runs; seed++) {
    const random = randomStream({ seed });
    const groups = Array.from({ length: 50 }, () => [random.normal() ** 2, 1]);
    const { low, high } = jackknifeInterval(groups, ([s, n]) => Math.sqrt(s! / n!), { low: 0 })!;
    if (low <= 1 && 1 <= high) held++;
  }
  assert.ok(held / runs > 0.91 && held / runs < 0.98, `${held / runs}`);
});

Deno.test("jackknife: ends stay in the range; one group, or a value that is none, tells nothing", () => {
  const share = ([above, below]: readonly number[]) => above! / below!;
  const { high } = jackknifeInterval([[1, 1], [0.2, 1], [1, 1]], share, { high: 1 })!;
  assert.equal(high, 1);
  assert.equal(jackknifeInterval([[1, 1]], share), undefined);
  assert.equal(jackknifeInterval([[1, 1], [0, 0]], share), undefined);
});
