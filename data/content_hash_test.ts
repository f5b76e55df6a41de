import assert from "node:assert/strict";
import { contentHash, hashes } from "./content_hash.ts";

Deno.test("content: equal content has one number, on every machine", () => {
  const equal: readonly (readonly unknown[])[] = [
    [[1, 2.5], Float32Array.of(1, 2.5), Float64Array.of(1, 2.5)],
    [{ x: [1], y: "a" }, { y: "a", x: Int32Array.of(1) }],
    [[0, NaN], [-0, Number.NaN]],
    [null, undefined],
    [[], new Float32Array(0)],
  ];
  for (const values of equal) assert.equal(new Set(values.map(contentHash)).size, 1);
  // A number that changes would move rows of data that were split before.
  assert.equal(contentHash({ x: [1, 2, 3], y: "word" }), 108175281309527);
});

Deno.test("content: other content has other numbers", () => {
  const values = [
    1,
    "1",
    [1],
    [[1]],
    [1, 1],
    [[1], 1],
    {},
    [],
    "",
    null,
    0,
    true,
    false,
    { a: 1 },
    {
      a: [1],
    },
    { b: 1 },
    ["a", "b"],
    ["ab"],
    ["a", ["b"]],
    [1, "b"],
    { a: 1, b: 2 },
    { a: { b: 2 } },
  ];
  assert.equal(new Set(values.map(contentHash)).size, values.length);
});

Deno.test("content: numbers are spread evenly over their range", () => {
  const counts = new Array<number>(10).fill(0);
  for (let n = 0; n < 10_000; n++) counts[Math.floor(10 * contentHash([n]) / hashes)]!++;
  // Four standard deviations of 30.
  for (const count of counts) assert.ok(Math.abs(count - 1000) < 120, counts.join(" "));
});

Deno.test("content: what is no data is refused", () => {
  for (const value of [() => 1, Symbol("a"), new Map(), [new Date()]]) {
    assert.throws(() => contentHash(value), /^TypeError: A row of a data set must be plain data/);
  }
});
