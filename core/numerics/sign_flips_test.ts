import assert from "node:assert/strict";
import { randomStream } from "../random.ts";
import { holm, signFlipTest } from "./sign_flips.ts";

/** Darwin's pairs of maize, crossed minus self-fertilised, in eighths of an inch (Fisher 1935, 17). */
const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

Deno.test("the test of signs agrees with the one that Fisher counted by hand", () => {
  // 863 of 32,768 arrangements have a sum of 314 or more, and as many one of -314 or less.
  assert.equal(signFlipTest(maize), 2 * 863 / 32_768);
  assert.equal(signFlipTest(maize.map((value) => -value / 8)), 2 * 863 / 32_768);
});

Deno.test("few pairs cannot tell much, and equal ones nothing", () => {
  assert.equal(signFlipTest([0.1, 0.2, 0.05, 0.1, 0.2]), 2 / 32);
  assert.equal(signFlipTest([3, -3]), 1);
  assert.equal(signFlipTest([0, 0, 0, 0]), 1);
  assert.equal(signFlipTest([]), 1);
  // A zero halves nothing: both its signs are the same sum.
  assert.equal(signFlipTest([1, 1, 1, 0]), 2 / 8);
});

Deno.test("many pairs are told by drawn arrangements, near the exact share", () => {
  // Of 20 equal sizes, 15 or more of one sign: 2 * 21,700 of 2^20 arrangements.
  const differences = Array.from({ length: 20 }, (_, index) => index < 15 ? 1 : -1);
  const p = signFlipTest(differences);
  assert.ok(Math.abs(p - 2 * 21_700 / 2 ** 20) < 0.002, String(p));
  assert.equal(signFlipTest(differences), p);
  assert.equal(signFlipTest(Array.from({ length: 40 }, () => 1)), 1 / 100_001);
});

Deno.test("without a difference it says so in at most 5% of samples", () => {
  const random = randomStream({ seed: 5 });
  const samples = Array.from(
    { length: 2000 },
    () => signFlipTest(Array.from({ length: 8 }, () => random.normal())),
  );
  const share = samples.filter((p) => p <= 0.05).length / samples.length;
  assert.ok(share > 0.03 && share < 0.065, String(share));
});

Deno.test("Holm's correction agrees with p.adjust of R", () => {
  const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(12)));
  assert.deepEqual(rounded(holm([0.01, 0.02, 0.03, 0.04])), [0.04, 0.06, 0.06, 0.06]);
  assert.deepEqual(rounded(holm([0.04, 0.01, 0.03])), [0.06, 0.03, 0.06]);
  assert.deepEqual(holm([0.6, 0.001, 0.9]), [1, 0.003, 1]);
  assert.deepEqual(holm([]), []);
});
