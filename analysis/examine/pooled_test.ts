import assert from "node:assert/strict";
import { wilsonInterval } from "../../core/numerics/statistics.ts";
import { randomStream } from "../../core/random.ts";
import { pooled } from "./pooled.ts";

Deno.test("the interval of pooled tries is one over networks", () => {
  const { share, low, high, over } = pooled([
    { count: 50, of: 100 },
    { count: 60, of: 100 },
    { count: 55, of: 100 },
  ]);
  assert.deepEqual([share, over], [0.55, "networks"]);
  assert.ok(low > 0.4 && low < 0.5 && high > 0.6 && high < 0.7, `${low} to ${high}`);
  const wide = pooled([{ count: 10, of: 10 }, { count: 1, of: 10 }]);
  assert.ok(wide.low < 0.12 && wide.high > 0.92, `${wide.low} to ${wide.high}`);
});

Deno.test("networks that all recall all count as so many networks, not as tries", () => {
  const all = { count: 640, of: 640 };
  const { low, high } = pooled([all, all, all, all, all]);
  assert.deepEqual({ low, high }, wilsonInterval(5, 5));
});

Deno.test("one network: Wilson's interval of its tries", () => {
  for (const counts of [[{ count: 3, of: 20 }], [{ count: 0, of: 0 }, { count: 3, of: 20 }]]) {
    const expected = { count: 3, of: 20, share: 0.15, over: "tries", ...wilsonInterval(3, 20) };
    assert.deepEqual(pooled(counts), expected);
  }
  assert.deepEqual(pooled([]), { count: 0, of: 0, share: null, over: "tries", low: 0, high: 1 });
});

Deno.test("pooled tries: networks of other seeds lie inside in 93 % of samples at least", () => {
  const random = randomStream({ seed: 4 });
  const share = (mean: number) => 1 / (1 + Math.exp(-mean - random.normal()));
  for (const [mean, networks] of [[0, 5], [2, 5], [0, 10], [2, 10]] as const) {
    let truth = 0;
    for (let draw = 0; draw < 1e5; draw++) truth += share(mean) / 1e5;
    let inside = 0;
    const [repeats, of] = [1500, 64];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const { low, high } = pooled(Array.from({ length: networks }, () => {
        const right = share(mean);
        let count = 0;
        for (let attempt = 0; attempt < of; attempt++) count += Number(random.uniform() < right);
        return { count, of };
      }));
      inside += Number(low <= truth && truth <= high);
    }
    // Shares near 1 are skew: networks that fail are rare, and seldom among a few.
    assert.ok(inside / repeats > 0.92, `${networks} networks, ${mean}: ${inside / repeats}`);
  }
});
