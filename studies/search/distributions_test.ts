import assert from "node:assert/strict";
import { distributions, numbersOf } from "./distributions.ts";

/** Numbers of each distribution. */
const cases: Readonly<Record<string, readonly Record<string, number>[]>> = {
  int_uniform: [{ min: -2, max: 5 }],
  uniform: [{ min: -2, max: 5 }, { min: 0.1, max: 0.2 }],
  q_uniform: [{ min: 0, max: 1, q: 0.1 }, { min: 3, max: 30, q: 8 }],
  log_uniform: [{ min: -9, max: -2 }],
  log_uniform_values: [{ min: 1e-5, max: 0.1 }],
  inv_log_uniform: [{ min: 1, max: 4 }],
  inv_log_uniform_values: [{ min: 1e-3, max: 10 }],
  q_log_uniform: [{ min: 1, max: 5, q: 2 }],
  q_log_uniform_values: [{ min: 32, max: 256, q: 8 }],
  normal: [{ mu: 3, sigma: 2 }],
  q_normal: [{ mu: 3, sigma: 2, q: 0.5 }],
  log_normal: [{ mu: -3, sigma: 1 }],
  q_log_normal: [{ mu: 3, sigma: 1, q: 5 }],
  beta: [{ a: 2, b: 5 }, { a: 0.5, b: 0.5 }],
  q_beta: [{ a: 2, b: 2, q: 0.25 }],
};

const shares = [1e-9, 0.001, 0.1, 0.25, 0.5, 0.73, 0.9, 0.999, 1 - 1e-9];

Deno.test("every distribution has cases", () => {
  assert.deepEqual(Object.keys(cases).sort(), Object.keys(distributions).sort());
});

Deno.test("quantiles rise, stay between the ends, and are what probabilities say", () => {
  for (const [name, all] of Object.entries(cases)) {
    const { quantile, probability, problem } = distributions[name]!;
    for (const numbers of all) {
      assert.equal(problem(numbers), undefined, name);
      const values = shares.map((share) => quantile(share, numbers));
      assert.deepEqual(values, values.toSorted((a, b) => a - b), name);
      if (name === "int_uniform" || "q" in numbers) continue;
      shares.forEach((share, index) => {
        const found = probability(values[index]!, numbers);
        assert.ok(Math.abs(found - share) < 1e-8, `${name} ${share}: ${found}`);
      });
    }
  }
});

Deno.test("known quantiles", () => {
  const at = (name: string, share: number, numbers: Record<string, number>) =>
    distributions[name]!.quantile(share, numbers);
  const isNear = (value: number, expected: number) =>
    assert.ok(Math.abs(value - expected) < 1e-9 * Math.abs(expected), `${value}, not ${expected}`);
  isNear(at("log_uniform_values", 0.5, { min: 1e-4, max: 1e-2 }), 1e-3);
  isNear(at("log_uniform", 0.5, { min: -4, max: -2 }), Math.exp(-3));
  isNear(at("inv_log_uniform", 0.25, { min: 1, max: 5 }), Math.exp(-4));
  isNear(at("normal", 0.975, { mu: 1, sigma: 2 }), 1 + 2 * 1.959963984540054);
  isNear(at("log_normal", 0.975, { mu: 0, sigma: 1 }), Math.exp(1.959963984540054));
  isNear(at("beta", 0.25, { a: 0.5, b: 0.5 }), Math.sin(Math.PI / 8) ** 2);
  assert.equal(at("q_uniform", 0.31, { min: 0, max: 1, q: 0.1 }), 0.3);
  assert.equal(at("q_log_uniform_values", 1e-9, { min: 33, max: 250, q: 8 }), 40);
  assert.equal(at("q_log_uniform_values", 1 - 1e-9, { min: 33, max: 250, q: 8 }), 248);
});

Deno.test("whole numbers come equally often, both ends among them", () => {
  const counts = new Map<number, number>();
  for (let n = 0; n < 800; n++) {
    const value = distributions.int_uniform!.quantile((n + 0.5) / 800, { min: -2, max: 5 });
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  assert.deepEqual([...counts], [-2, -1, 0, 1, 2, 3, 4, 5].map((value) => [value, 100]));
});

Deno.test("numbers that make no distribution are named", () => {
  const problem = (name: string, numbers: Record<string, number>) =>
    distributions[name]!.problem(numbers)?.name;
  assert.equal(problem("uniform", { min: 1, max: 1 }), "max");
  assert.equal(problem("int_uniform", { min: 1, max: 2.5 }), "max");
  assert.equal(problem("log_uniform_values", { min: 0, max: 1 }), "min");
  assert.equal(problem("log_uniform", { min: 1e-5, max: 1e3 }), "max");
  assert.equal(problem("normal", { mu: 0, sigma: 0 }), "sigma");
  assert.equal(problem("beta", { a: -1, b: 1 }), "a");
  assert.equal(problem("q_uniform", { min: 0, max: 1, q: 0 }), "q");
  assert.equal(problem("q_uniform", { min: 1, max: 3, q: 4 }), "q");
});

Deno.test("numbersOf lists what may come", () => {
  assert.deepEqual(numbersOf("int_uniform", { min: 2, max: 5 }, 100), [2, 3, 4, 5]);
  assert.deepEqual(numbersOf("q_uniform", { min: 0, max: 0.3, q: 0.1 }, 100), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(numbersOf("q_uniform", { min: 5, max: 20, q: 8 }, 100), [8, 16]);
  assert.equal(numbersOf("uniform", { min: 0, max: 1 }, 100), undefined);
  assert.equal(numbersOf("int_uniform", { min: 0, max: 1000 }, 100), undefined);
  assert.equal(numbersOf("q_normal", { mu: 0, sigma: 1, q: 1 }, 100), undefined);
});
