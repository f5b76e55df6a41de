import assert from "node:assert/strict";
import { cosine, participation, spectrumOf } from "./linear_algebra.ts";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, expected ${expected}`);

Deno.test("singular values and first vectors of matrices that are known", () => {
  // 5 u1 ⊗ v1 + 2 u2 ⊗ v2 with u1 = [.6 .8], v1 = [1 0 0], u2 = [-.8 .6], v2 = [0 .6 .8]
  const matrix = Float64Array.of(3, -0.96, -1.28, 4, 0.72, 0.96);
  const { values, left, right } = spectrumOf(matrix, 2);
  [5, 2].forEach((value, i) => near(values[i]!, value));
  near(Math.abs(cosine(right, Float64Array.of(1, 0, 0))), 1);
  near(Math.abs(cosine(left, Float64Array.of(0.6, 0.8))), 1);
  const tall = spectrumOf(Float64Array.of(1, 2, 2, 4, 3, 6), 3).values;
  [Math.sqrt(70), 0, 0].forEach((value, i) => near(tall[i]!, value));
  assert.deepEqual([...spectrumOf(new Float64Array(4), 2).values], [0, 0]);
});

Deno.test("participation counts directions that share the variance", () => {
  near(participation(Float64Array.of(0, 3, 0, 3, 0, 0, 0, 0, -3), 3), 3);
  near(participation(Float64Array.of(1, 2, 2, 4), 2), 1);
  near(participation(Float64Array.of(2, 0, 0, 1), 2), 25 / 17);
  near(participation(new Float64Array(4), 2), 0);
});
