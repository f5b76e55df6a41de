import assert from "node:assert/strict";
import { beyondFloat32, fitsFloat32, toFloat32 } from "./float32_range.ts";

Deno.test("what float32 holds: 0 and what is neither subnormal nor infinite in it", () => {
  for (const value of [0, -0, 1, -0.1, 1.18e-38, 3.4028234e38, -3.4028234e38, 2 ** 24 + 1]) {
    assert.ok(fitsFloat32(value), String(value));
  }
  for (const value of [1e-46, -1e-40, 5e-324, 1e39, -1e39, 3.4028236e38, 1e308, Infinity, NaN]) {
    assert.ok(!fitsFloat32(value), String(value));
  }
  assert.deepEqual(beyondFloat32({ a: 1, b: [2, { c: 1e39 }] }), {
    path: ["b", "1", "c"],
    value: 1e39,
  });
});

Deno.test("a constant that float32 does not hold is refused, not taken as 0 or infinity", () => {
  assert.equal(toFloat32(0.1, "Constant"), Math.fround(0.1));
  for (const value of [1e-46, 1e39, -1e-40, NaN, Infinity]) {
    assert.throws(
      () => toFloat32(value, "Constant"),
      /RangeError: Constant \S+ is outside float32: expected 0, or a size of/,
    );
  }
});
