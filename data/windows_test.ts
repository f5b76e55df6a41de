import assert from "node:assert/strict";
import { countValues } from "./count_values.ts";
import { dataset } from "./dataset.ts";
import { pad } from "./pad.ts";
import { windowsOf } from "./windows.ts";

Deno.test("windows: whole ones, views of the sequence", () => {
  const series = Float32Array.from({ length: 14 }, (_, index) => index);
  const windows = windowsOf(series, { length: 3, size: 2 });
  assert.deepEqual(windows.map(({ start, block }) => [start, block]), [[0, 0], [3, 1]]);
  assert.deepEqual([...windows[1]!.values], [6, 7, 8, 9, 10, 11]);
  assert.equal(windows[1]!.values.buffer, series.buffer);
});

Deno.test("windows: overlapping ones of the test share no step with those of training", () => {
  const series = new Float64Array(3000);
  const windows = windowsOf(series, { length: 20, stride: 3, block: 100 });
  const { rows } = dataset(windows, { key: ({ block }) => block });
  const steps = (split: "train" | "test") =>
    new Set(rows[split].flatMap(({ start }) => Array.from({ length: 20 }, (_, t) => start + t)));
  assert.ok(steps("train").isDisjointFrom(steps("test")));
  assert.ok(steps("test").size > 0);
});

Deno.test("windows: sizes that do not fit are refused", () => {
  const series = new Float32Array(10);
  assert.throws(() => windowsOf(series, { length: 0 }), /The length of windows must be a whole/);
  assert.throws(() => windowsOf(series, { length: 2, size: 3 }), /no whole number of steps of 3/);
  assert.throws(() => windowsOf(series, { length: 5, block: 4 }), /4 steps has no window of 5/);
});

Deno.test("pad: zeros behind, and a mask; longer sequences are refused", () => {
  const { values, mask } = pad([1, 2, 3, 4], { steps: 3, size: 2 });
  assert.deepEqual([...values], [1, 2, 3, 4, 0, 0]);
  assert.deepEqual([...mask], [1, 1, 0]);
  assert.throws(() => pad([1, 2, 3], { steps: 2 }), /3 numbers are not at most 2 steps of 1/);
  assert.throws(() => pad([1, 2, 3], { steps: 2, size: 2 }), /3 numbers are not at most 2 steps/);
});

Deno.test("counts: the most frequent first", () => {
  assert.deepEqual([...countValues("banana")], [["a", 3], ["n", 2], ["b", 1]]);
  assert.deepEqual([...countValues([2, 1, 1, 3])], [[1, 2], [2, 1], [3, 1]]);
});
