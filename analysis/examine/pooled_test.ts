import assert from "node:assert/strict";
import { meanInterval, wilsonInterval } from "../../core/numerics/statistics.ts";
import { pooled } from "./pooled.ts";

Deno.test("the interval of pooled tries is one over networks, where these differ", () => {
  const counts = [{ count: 50, of: 100 }, { count: 60, of: 100 }, { count: 55, of: 100 }];
  const { share, low, high, over } = pooled(counts);
  assert.deepEqual([share, over], [0.55, "networks"]);
  assert.deepEqual({ low, high }, meanInterval([0.5, 0.6, 0.55]));
  const wide = pooled([{ count: 10, of: 10 }, { count: 1, of: 10 }]);
  assert.deepEqual([wide.low, wide.high], [0, 1]);
});

Deno.test("equal shares, or one network, leave Wilson's interval of the tries", () => {
  for (const counts of [[{ count: 10, of: 10 }, { count: 10, of: 10 }], [{ count: 3, of: 20 }]]) {
    const [count, of] = [counts.reduce((sum, tries) => sum + tries.count, 0), 20];
    assert.deepEqual(pooled(counts), {
      ...{ count, of, share: count / of, over: "tries" },
      ...wilsonInterval(count, of),
    });
  }
  assert.equal(pooled([]).share, null);
});
