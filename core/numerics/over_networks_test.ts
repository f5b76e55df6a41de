import assert from "node:assert/strict";
import { intervalOverNetworks } from "./over_networks.ts";
import { meanInterval, wilsonInterval } from "./statistics.ts";

Deno.test("over networks: a share has the interval of networks, an amount Student's t", () => {
  const share = { isShare: true, sequences: 1000 };
  const amount = { isShare: false, sequences: 1000 };
  assert.deepEqual(intervalOverNetworks([1, 1, 1], share), wilsonInterval(3, 3));
  assert.deepEqual(intervalOverNetworks([0, 0], share), wilsonInterval(0, 2));
  assert.deepEqual(intervalOverNetworks([1, 2, 4], amount), meanInterval([1, 2, 4]));
  for (const values of [[0.99, 1], [0, 0.25], [0.5, 0.98, 1]]) {
    const { low, high } = intervalOverNetworks(values, share)!;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(low >= 0 && low < mean && mean < high && high <= 1, `${low} to ${high}`);
  }
  // What one trial a network tells is the least that is known.
  assert.deepEqual(
    intervalOverNetworks([0, 1], { isShare: true, sequences: 1 }),
    wilsonInterval(1, 2),
  );
  for (const options of [share, amount]) {
    assert.equal(intervalOverNetworks([0.5], options), undefined);
    assert.equal(intervalOverNetworks([], options), undefined);
  }
});
