import assert from "node:assert/strict";
import { scoreIntervals } from "./score_intervals.ts";
import type { Loss } from "../core/losses/loss.ts";

const loss: Pick<Loss, "metrics" | "means"> = {
  metrics: { kept: ["right", "cases"], error: ["error", "cases"] },
  means: ["error"],
};

Deno.test("score intervals: one a replica, also where nothing was right", () => {
  const testCounts = { right: [0, 50], cases: [100, 100] };
  const [none, half] = scoreIntervals({ testCounts }, { loss: loss as Loss, score: "kept" })!;
  assert.deepEqual([none!.count, none!.of, none!.low], [0, 100, 0]);
  assert.ok(half!.low > 0.4 && half!.low < 0.5 && half!.high > 0.5 && half!.high < 0.6);
  const single = { testCounts: { right: 0, cases: 10 } };
  assert.equal(scoreIntervals(single, { loss: loss as Loss, score: "kept" })!.length, 1);
});

Deno.test("score intervals: a mean of amounts is no count of successes; nothing judged has none", () => {
  const testCounts = { error: 12.5, cases: 10 };
  assert.equal(scoreIntervals({ testCounts }, { loss: loss as Loss, score: "error" }), undefined);
  assert.equal(
    scoreIntervals({ testCounts: {} }, { loss: loss as Loss, score: "kept" }),
    undefined,
  );
});
