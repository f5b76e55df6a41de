import assert from "node:assert/strict";
import { isLogParameter, isLogSpaced } from "./log_spaced.ts";
import { choice, range } from "./testing/sweeps.ts";

Deno.test("values that are spaced by ratios have a logarithmic axis", () => {
  const logarithmic = [[0.001, 0.01, 0.1], [1e-4, 3e-4, 1e-3, 3e-3], [32, 64, 128], [100, 10, 1]];
  const linear = [[1, 2, 3], [16, 32, 48], [0, 0.01, 0.1], [-1, 1, 10], [0.1, 1], [5], [], [
    8,
    8,
    64,
  ]];
  for (const values of logarithmic) assert.ok(isLogSpaced(values), `${values}`);
  for (const values of linear) assert.ok(!isLogSpaced(values), `${values}`);
  assert.ok(!isLogSpaced(["a", "b", "c"]));
  assert.ok(!isLogSpaced([0.001, 0.01, 0.1, "auto"]));
});

Deno.test("so have parameters of such lists, and of distributions of ratios", () => {
  const numbers = { min: 0.1, max: 1 };
  assert.ok(isLogParameter(choice("a.a", 0.1, 1, 10)));
  assert.ok(!isLogParameter(choice("a.a", "x", "y", "z")));
  assert.ok(isLogParameter(range("a.a", "log_uniform_values", numbers)));
  assert.ok(isLogParameter(range("a.a", "q_log_normal", { mu: 0, sigma: 1, q: 1 })));
  assert.ok(!isLogParameter(range("a.a", "uniform", numbers)));
});
