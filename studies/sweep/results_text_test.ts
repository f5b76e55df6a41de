/** What is told of a point. */
import assert from "node:assert/strict";
import type { SweepPoint } from "./results.ts";
import { outcomeText } from "./results_text.ts";

const point: SweepPoint = {
  trial: { number: 0, values: {} },
  label: "",
  job: "0001",
  place: 0,
  state: "done",
  values: [0.85, 0.95],
  mean: 0.9,
  interval: { low: 0.265, high: 1 }, // cut at 1, the highest accuracy
  iterations: 1,
  problem: undefined,
};

Deno.test("behind ± stands half of the whole interval, also where a share ends it", () => {
  // Student's t of one degree of freedom, 12.706, times the standard error, 0.05.
  assert.equal(outcomeText(point), "0.9 ± 0.64");
});

Deno.test("networks that diverged are counted, and leave no interval of one", () => {
  assert.equal(outcomeText({ ...point, values: [0.9, NaN] }), "0.9 (1 of 2 diverged)");
  assert.equal(outcomeText({ ...point, values: [NaN, NaN], mean: NaN }), "diverged");
});
