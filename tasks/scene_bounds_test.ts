import assert from "node:assert/strict";
import { bounds, keepsBounds, willKeepBounds } from "./scene_bounds.ts";

/** Counts of a movie of so many scenes, a third of them repeats, with so many errors of each kind. */
const countsOf = (scenes: number, { positives = 0, negatives = 0 } = {}) => {
  const repeats = Math.round(scenes / 3);
  return {
    accuracy: { count: scenes - positives - negatives, of: scenes },
    false_positive_rate: { count: positives, of: scenes - repeats },
    false_negative_rate: { count: negatives, of: repeats },
  };
};

Deno.test("bounds of scenes: the shares themselves keep them, up to equality", () => {
  assert.ok(keepsBounds(countsOf(3000, { positives: 15, negatives: 30 })));
  assert.ok(keepsBounds(countsOf(3000, { positives: 20, negatives: 25 })));
  assert.ok(!keepsBounds(countsOf(3000, { positives: 21 })), "false positives");
  assert.ok(!keepsBounds(countsOf(3000, { negatives: 31 })), "false negatives");
  assert.ok(!keepsBounds(countsOf(3000, { positives: 20, negatives: 26 })), "accuracy");
  assert.equal(bounds.accuracy, 1 - 45 / 3000);
});

Deno.test("bounds of scenes: what could not be counted keeps none", () => {
  const none = { count: 0, of: 0 };
  for (const name of Object.keys(bounds)) {
    assert.ok(!keepsBounds({ ...countsOf(3000), [name]: none }), name);
    assert.ok(!willKeepBounds({ ...countsOf(3000), [name]: none }), name);
  }
  assert.ok(!keepsBounds({}));
  assert.ok(!willKeepBounds({}));
});

Deno.test("bounds of scenes: a few scenes without an error foretell nothing, many do", () => {
  assert.ok(!willKeepBounds(countsOf(150)));
  assert.ok(willKeepBounds(countsOf(1500)));
  const near = { positives: 15, negatives: 30 };
  assert.ok(keepsBounds(countsOf(3000, near)) && !willKeepBounds(countsOf(3000, near)));
});
