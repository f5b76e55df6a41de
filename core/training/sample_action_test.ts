import assert from "node:assert/strict";
import { randomStream } from "../random.ts";
import { sampleAction } from "./sample_action.ts";

Deno.test("an action is drawn as often as its softmax says", () => {
  const random = randomStream({ seed: 3 });
  const logits = Float32Array.from([0.5, 0.3, 0.2], Math.log);
  const counts = [0, 0, 0];
  const draws = 20_000;
  for (let draw = 0; draw < draws; draw++) counts[sampleAction(logits, random)]! += 1;
  for (const [action, share] of [0.5, 0.3, 0.2].entries()) {
    const deviation = Math.sqrt(share * (1 - share) / draws);
    assert.ok(Math.abs(counts[action]! / draws - share) < 4 * deviation, `${counts}`);
  }
});

Deno.test("actions without a chance are never drawn, and large logits do not overflow", () => {
  for (const uniform of [0, 0.5, 1 - 2 ** -24, 1]) {
    const random = { ...randomStream({ seed: 1 }), uniform: () => uniform };
    assert.equal(sampleAction([-1e4, 1e30, -1e4], random), 1);
  }
});
