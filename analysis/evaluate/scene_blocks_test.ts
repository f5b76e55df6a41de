import assert from "node:assert/strict";
import { wilsonInterval } from "../../core/numerics/statistics.ts";
import { randomStream } from "../../core/random.ts";
import { blockInterval } from "./scene_blocks.ts";

/**
 * Answers of a network whose memory is good or bad, for `dwell` answers on average. They count how often the
 * interval, and Wilson's, hold the share.
 */
function coverage(
  { reach, dwell, good, bad, repeats }: {
    reach: number;
    dwell: number;
    good: number;
    bad: number;
    repeats: number;
  },
): { blocks: number; trials: number } {
  const random = randomStream({ seed: 8 });
  const share = (good + bad) / 2;
  const scenes = 2000;
  const ones = new Float64Array(scenes).fill(1);
  const held = { blocks: 0, trials: 0 };
  for (let repeat = 0; repeat < repeats; repeat++) {
    let isGood = random.uniform() < 0.5;
    const right = Float64Array.from(ones, () => {
      if (random.uniform() < 1 / dwell) isGood = random.uniform() < 0.5;
      return Number(random.uniform() < (isGood ? good : bad));
    });
    const holds = ({ low, high }: { low: number; high: number }) =>
      Number(low <= share && share <= high) / repeats;
    held.blocks += holds(blockInterval(right, ones, { reach }));
    held.trials += holds(wilsonInterval(right.reduce((sum, one) => sum + one), scenes));
  }
  return held;
}

// With 1000 repeats blocks hold .96, .94, .95, .94 and .93; movies of 10,000 scenes, 400 repeats, .935 to .955.
Deno.test("intervals over blocks of scenes hold the share in about 95 % of movies", () => {
  const cases = [
    { reach: 5, dwell: 1, good: 0.9, bad: 0.9 },
    { reach: 5, dwell: 5, good: 0.95, bad: 0.6 },
    { reach: 10, dwell: 10, good: 0.99, bad: 0.8 },
    { reach: 10, dwell: 2, good: 0.99, bad: 0.8 },
    { reach: 20, dwell: 20, good: 0.97, bad: 0.5 },
  ];
  for (const each of cases) {
    const { blocks, trials } = coverage({ ...each, repeats: 500 });
    assert.ok(blocks > 0.91 && blocks < 0.98, `${JSON.stringify(each)}: ${blocks}`);
    // What counts scenes is too narrow by far where they are alike.
    if (each.dwell >= 5) assert.ok(trials < 0.85, `${JSON.stringify(each)}: ${trials}`);
  }
});

Deno.test("no error at all: a block of R scenes counts as one", () => {
  const ones = new Float64Array(100).fill(1);
  assert.deepEqual(blockInterval(ones, ones, { reach: 5 }), wilsonInterval(20, 20));
  assert.deepEqual(blockInterval(ones, ones, { reach: 1000 }), wilsonInterval(1, 1));
  assert.deepEqual(blockInterval(ones, new Float64Array(100), { reach: 5 }), { low: 0, high: 1 });
});
