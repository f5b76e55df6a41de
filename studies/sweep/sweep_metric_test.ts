import assert from "node:assert/strict";
import { valuesOf } from "./sweep_metric.ts";

Deno.test("a metric without a split is that of held-out sequences, and of the test only if it says so", () => {
  const metrics = { "train/loss": [1, 2], "test/loss": [3, 4], "eval/loss": [5, 6] };
  assert.deepEqual(valuesOf(metrics, "loss"), [5, 6]);
  assert.deepEqual(valuesOf(metrics, "test/loss"), [3, 4]);
  const { "eval/loss": _, ...withoutHeldOut } = metrics;
  assert.deepEqual(valuesOf(withoutHeldOut, "loss"), [1, 2]);
  assert.deepEqual(valuesOf({ "test/loss": 7 }, "loss"), [7]);
  assert.equal(valuesOf(metrics, "accuracy"), undefined);
});
