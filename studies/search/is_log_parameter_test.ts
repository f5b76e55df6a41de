import assert from "node:assert/strict";
import { isLogParameter } from "./is_log_parameter.ts";
import { choice, range } from "./testing/sweeps.ts";

Deno.test("parameters of lists that are spread by ratios, and of distributions of ratios, have a logarithmic axis", () => {
  const numbers = { min: 0.1, max: 1 };
  assert.ok(isLogParameter(choice("a.a", 0.1, 1, 10)));
  assert.ok(!isLogParameter(choice("a.a", 16, 32, 48)));
  assert.ok(!isLogParameter(choice("a.a", "x", "y", "z")));
  assert.ok(!isLogParameter(choice("a.a", 0.001, 0.01, 0.1, "auto")));
  assert.ok(isLogParameter(range("a.a", "log_uniform_values", numbers)));
  assert.ok(isLogParameter(range("a.a", "q_log_normal", { mu: 0, sigma: 1, q: 1 })));
  assert.ok(!isLogParameter(range("a.a", "uniform", numbers)));
});
