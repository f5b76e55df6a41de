import assert from "node:assert/strict";
import { crossEntropy } from "./cross_entropy.ts";
import { textLoss } from "./text_loss.ts";

Deno.test("text loss: one number in nats, in bits and as a perplexity", () => {
  const { bits_per_character, perplexity, loss } = textLoss.metrics;
  const value = (metric: typeof bits_per_character) =>
    "of" in metric ? metric.of!(8 * Math.log(4), 8) : NaN;
  assert.equal(value(bits_per_character), 2);
  assert.ok(Math.abs(value(perplexity) - 4) < 1e-12);
  assert.equal(loss, crossEntropy.metrics.loss);
  assert.equal(textLoss.step, crossEntropy.step);
});
