import assert from "node:assert/strict";
import { isConstant, isOrdered, shareOf, valueAt } from "./domain.ts";
import { choice, range } from "./testing/sweeps.ts";

Deno.test("lists of numbers have an order, whatever order they are given in", () => {
  const { domain } = choice("a.a", 30, 10, 20);
  assert.ok(isOrdered(domain));
  assert.deepEqual([0.01, 0.5, 0.99].map((share) => valueAt(domain, share)), [10, 20, 30]);
  [10, 20, 30].forEach((value, index) => {
    assert.ok(Math.abs(shareOf(domain, value) - (index + 0.5) / 3) < 1e-12);
  });
  assert.ok(!isOrdered(choice("a.a", "x", 1).domain));
});

Deno.test("values of a list come with their probabilities, those with 0 never", () => {
  const { domain } = choice("a.a", "x", "y", "z");
  const weighted = { ...domain, probabilities: [0.25, 0, 0.75] } as typeof domain;
  const values = Array.from({ length: 100 }, (_, n) => valueAt(weighted, (n + 0.5) / 100));
  assert.deepEqual(
    ["x", "y", "z"].map((value) => values.filter((other) => other === value).length),
    [25, 0, 75],
  );
  assert.equal(valueAt(weighted, 1 - 2 ** -33), "z");
});

Deno.test("shares of values lead back to them", () => {
  const domains = [
    choice("a.a", true, null, [1, 2], { b: 1 }),
    choice("a.a", 1, 2, 4, 8),
    range("a.a", "int_uniform", { min: 3, max: 7 }),
    range("a.a", "q_uniform", { min: 0, max: 1, q: 0.25 }),
  ].map(({ domain }) => domain);
  for (const domain of domains) {
    for (const share of [0.01, 0.2, 0.4, 0.6, 0.8, 0.99]) {
      const value = valueAt(domain, share);
      assert.deepEqual(valueAt(domain, shareOf(domain, value)), value);
    }
  }
});

Deno.test("one value is constant, a range never", () => {
  assert.ok(isConstant(choice("a.a", 5).domain));
  assert.ok(!isConstant(choice("a.a", 5, 6).domain));
  assert.ok(!isConstant(range("a.a", "uniform", { min: 0, max: 1 }).domain));
});
