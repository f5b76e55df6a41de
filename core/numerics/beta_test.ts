import assert from "node:assert/strict";
import { betaProbability, logGamma } from "./beta.ts";

const isNear = (value: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${value}`);

Deno.test("logGamma of whole and half numbers", () => {
  let factorial = 1;
  for (let n = 1; n < 20; n++) {
    isNear(logGamma(n), Math.log(factorial));
    factorial *= n;
  }
  isNear(logGamma(0.5), Math.log(Math.PI) / 2);
  isNear(logGamma(0.1), 2.252712651734206);
});

Deno.test("betaProbability is a binomial tail where its parameters are whole", () => {
  // P(X < x) = P(at least a of a + b - 1 trials succeed with probability x).
  const tail = (x: number, a: number, b: number) => {
    const n = a + b - 1;
    let sum = 0;
    for (let k = a; k <= n; k++) {
      const choose = Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1));
      sum += choose * x ** k * (1 - x) ** (n - k);
    }
    return sum;
  };
  for (const [a, b] of [[1, 1], [2, 5], [5, 2], [40, 60], [3, 1]] as const) {
    for (const x of [0.001, 0.1, 0.4, 0.5, 0.9, 0.999]) {
      isNear(betaProbability(x, a, b), tail(x, a, b), 1e-11);
    }
  }
});

Deno.test("betaProbability of the arcsine distribution, and its ends", () => {
  for (const x of [0.01, 0.3, 0.5, 0.77]) {
    isNear(betaProbability(x, 0.5, 0.5), 2 / Math.PI * Math.asin(Math.sqrt(x)), 1e-11);
  }
  assert.equal(betaProbability(0, 2, 3), 0);
  assert.equal(betaProbability(1, 2, 3), 1);
});
