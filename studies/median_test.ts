import assert from "node:assert/strict";
import { median, medianDifferenceInterval } from "./median.ts";

Deno.test("median of odd, even and no values", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
  assert.ok(Number.isNaN(median([])));
});

Deno.test("an interval needs three values on both sides", () => {
  assert.equal(medianDifferenceInterval([1, 2, 3], [1, 2]), undefined);
  assert.deepEqual(medianDifferenceInterval([5, 5, 5], [2, 2, 2]), { low: 3, high: 3 });
});

Deno.test("the interval holds the difference, turns round with the sides and repeats itself", () => {
  const [a, b] = [[8, 9, 10, 11, 12], [4, 5, 6, 7, 8]];
  const interval = medianDifferenceInterval(a!, b!)!;
  assert.ok(interval.low > 0 && interval.low <= 4 && interval.high >= 4 && interval.high <= 8);
  assert.deepEqual(medianDifferenceInterval(a!, b!), interval);
  const turned = medianDifferenceInterval(b!, a!)!;
  assert.ok(turned.high < 0);
});
