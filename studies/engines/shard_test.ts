import assert from "node:assert/strict";
import fc from "fast-check";
import { readShard, shardCount, shardOf } from "./shard.ts";

Deno.test("shards hold every job once, in order, and about as many each", () => {
  const numbers = fc.record({ jobs: fc.nat(60), of: fc.integer({ min: 1, max: 70 }) });
  fc.assert(fc.property(numbers, ({ jobs: count, of }) => {
    const jobs = Array.from({ length: count }, (_, index) => index);
    const shards = Array.from({ length: of }, (_, at) => shardOf(jobs, { number: at + 1, of }));
    assert.deepEqual(shards.flat(), jobs);
    const sizes = shards.map((shard) => shard.length);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, sizes.join());
  }));
});

Deno.test("a shard has at most as many jobs as asked for", () => {
  const jobs = [1, 2, 3, 4, 5, 6, 7];
  const of = shardCount(jobs.length, 3);
  assert.equal(of, 3);
  assert.deepEqual(shardOf(jobs, { number: 1, of }), [1, 2]);
  assert.deepEqual(shardOf(jobs, { number: 3, of }), [5, 6, 7]);
});

Deno.test("a shard is typed as its number of all", () => {
  assert.deepEqual(readShard("3/24"), { number: 3, of: 24 });
  for (const text of ["0/3", "4/3", "3", "1/0", "-1/3", "1.5/3", "1/3/4", ""]) {
    assert.throws(() => readShard(text), /--shard: expected a number and how many there are/, text);
  }
});
