import assert from "node:assert/strict";
import { meanInterval } from "./statistics.ts";
import { studentQuantile } from "./student.ts";

/**
 * P(|T| < t) with n degrees of freedom: Simpson's rule over the angle whose tangent is t / sqrt(n), where the
 * density is a power of the cosine. The whole integral norms it.
 */
function probability(t: number, n: number): number {
  const integral = (end: number, pieces: number) => {
    let sum = 0;
    for (let index = 0; index <= pieces; index++) {
      const weight = index === 0 || index === pieces ? 1 : index % 2 === 1 ? 4 : 2;
      sum += weight * Math.cos(end * index / pieces) ** (n - 1);
    }
    return sum * end / (3 * pieces);
  };
  const pieces = 400 + 2 * Math.ceil(4 * Math.sqrt(n));
  return integral(Math.atan(t / Math.sqrt(n)), pieces) / integral(Math.PI / 2, 4 * pieces);
}

Deno.test("quantiles of Student's t for 2 to 1000 values are those of the integrated density", () => {
  for (let values = 2; values <= 1000; values++) {
    const freedom = values - 1;
    const t = studentQuantile(freedom);
    // The density at the quantile is near .06, so this is an error below 1e-7 of t.
    assert.ok(Math.abs(probability(t, freedom) - 0.95) < 1e-8, `${values} values: ${t}`);
  }
});

Deno.test("quantiles of Student's t: published values, and no step where the expansion begins", () => {
  const published = [[1, 12.7062], [2, 4.30265], [30, 2.04227], [31, 2.03951], [40, 2.02108]];
  for (const [freedom, t] of [...published, [60, 2.0003], [120, 1.97993], [1e9, 1.959964]]) {
    assert.ok(Math.abs(studentQuantile(freedom!) - t!) < 5e-5, `${freedom}`);
  }
  for (let freedom = 1; freedom < 1000; freedom++) {
    const [here, next, after] = [0, 1, 2].map((more) => studentQuantile(freedom + more));
    assert.ok(here! > next! && here! - next! > next! - after!, `convex at ${freedom}`);
  }
  assert.throws(() => studentQuantile(0), RangeError);
});

Deno.test("meanInterval: exact beyond 30 degrees of freedom", () => {
  const { low, high } = meanInterval(Array.from({ length: 32 }, (_, index) => index % 2))!;
  const error = Math.sqrt(8 / 31 / 32);
  assert.ok(Math.abs((high - low) / 2 / error - 2.0395134) < 1e-6);
});
