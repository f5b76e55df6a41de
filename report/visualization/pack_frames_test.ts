import assert from "node:assert/strict";
import { packFrames } from "./pack_frames.ts";

Deno.test("packFrames: within half a step of the range, clipped beyond it", () => {
  const limit = 0.3;
  const values = Float32Array.from({ length: 600 }, (_, index) => index / 1000 - 0.3);
  const { codes } = packFrames(values, { control: "frame", rows: 3, columns: 4, limit });
  const read = new Int8Array(Uint8Array.fromBase64(codes).buffer);
  assert.equal(read.length, values.length);
  read.forEach((code, index) => {
    const error = Math.abs(code * limit / 127 - values[index]!);
    assert.ok(error <= limit / 254 + 1e-7, `${values[index]} became ${code}`);
  });
});

Deno.test("packFrames: ends, zero and what is not a number", () => {
  const values = Float32Array.of(-9, 9, Infinity, -Infinity, 0, NaN);
  const { codes } = packFrames(values, { control: "frame", rows: 1, columns: 6, limit: 2 });
  const read = new Int8Array(Uint8Array.fromBase64(codes).buffer);
  assert.deepEqual([...read], [-127, 127, 127, -127, 0, -128]);
});
