import assert from "node:assert/strict";
import { attractorLoss } from "./attractor_loss.ts";
import { binaryCrossEntropy } from "./binary_cross_entropy.ts";
import { crossEntropy } from "./cross_entropy.ts";
import type { Loss } from "./loss.ts";
import { metricFacts } from "./metric_facts.ts";
import { patternError } from "./pattern_error.ts";

const attractor = attractorLoss({
  ...{ alpha: 10, beta: 1, gamma: 1, delta: 0, epsilon: 0 },
  ...{ steps: 4, kept: 0.9 },
});
const losses: readonly Loss[] = [attractor, binaryCrossEntropy, crossEntropy, patternError(4)];

/** Kind, unit and better direction, without the sentence. */
function kindOf(loss: Loss, name: string) {
  const { summary: _, ...facts } = metricFacts(loss, name);
  return facts;
}

Deno.test("metric facts: wrong bits of a memory are a count, those of a completed pattern a share", () => {
  assert.deepEqual(kindOf(attractor, "wrong_bits"), {
    kind: "count",
    unit: "bits",
    better: "less",
  });
  assert.deepEqual(kindOf(patternError(4), "wrong_bits"), { kind: "share", better: "less" });
});

Deno.test("metric facts: a loss has the unit that it declares, or none", () => {
  assert.deepEqual(kindOf(crossEntropy, "loss"), { kind: "mean", unit: "nats", better: "less" });
  assert.deepEqual(kindOf(attractor, "loss"), { kind: "mean", better: "less" });
});

Deno.test("metric facts: without a note a metric is a share of successes, or a mean of amounts", () => {
  assert.deepEqual(metricFacts({ means: ["error"] }, "error"), { kind: "mean" });
  assert.deepEqual(metricFacts({}, "accuracy"), { kind: "share", better: "more" });
});

Deno.test("metric facts: every metric of ours says what it measures", () => {
  for (const loss of losses) {
    for (const name of Object.keys(loss.metrics)) {
      assert.ok(metricFacts(loss, name).summary, `${loss.name}, ${name}`);
    }
  }
});
