import assert from "node:assert/strict";
import { compareTensors } from "./compare.ts";

Deno.test("the error is relative to the expected size", () => {
  const { error, passed } = compareTensors([3, 4.5], [3, 4], 0.2);
  assert.ok(Math.abs(error - 0.1) < 1e-12);
  assert.ok(passed);
  assert.ok(!compareTensors([3, 4.5], [3, 4], 0.1 - 1e-9).passed);
});

Deno.test("zeros must stay zeros", () => {
  assert.ok(compareTensors([0, 9e-8], [0, 0], 1).passed);
  assert.deepEqual(compareTensors([0, -2e-7], [0, 0], 1), { error: 2e-7, passed: false });
});

Deno.test("what is not finite never passes", () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    for (const expected of [[1, 2, 3], [0, 0, 0]]) {
      assert.ok(!compareTensors([bad, 0, 0], expected, 1e9).passed, `${bad} for ${expected}`);
      assert.ok(!compareTensors([0, 0, bad], expected, 1e9).passed, `${bad} for ${expected}`);
    }
  }
});

Deno.test("lengths must agree", () => {
  assert.throws(() => compareTensors([1], [1, 2], 1), RangeError);
});
