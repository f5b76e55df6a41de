import assert from "node:assert/strict";
import { randomStream } from "../../core/random.ts";
import {
  dot,
  effectiveWeights,
  hebbMatrix,
  likeness,
  meanField,
  pseudoInverseMatrix,
} from "./matrices.ts";

const neurons = 12;
const random = randomStream({ seed: 4 });
const pattern = () => Float32Array.from({ length: neurons }, () => random.bits() & 1 ? 1 : -1);
const times = (matrix: ArrayLike<number>, vector: ArrayLike<number>) =>
  Array.from(
    { length: neurons },
    (_, i) => dot(Array.from(matrix).slice(i * neurons, (i + 1) * neurons), vector),
  );

Deno.test("the pseudo-inverse maps every pattern to itself, and exists for independent ones", () => {
  const patterns = Array.from({ length: 5 }, pattern);
  const matrix = pseudoInverseMatrix(patterns)!;
  for (const row of patterns) {
    times(matrix, row).forEach((value, i) => assert.ok(Math.abs(value - row[i]!) < 1e-9));
  }
  assert.equal(pseudoInverseMatrix([patterns[0]!, patterns[0]!.map((bit) => -bit)]), undefined);
  assert.equal(pseudoInverseMatrix(Array.from({ length: neurons + 1 }, pattern)), undefined);
});

Deno.test("the Hebb rule of one pattern holds it with an input of 1, less the self-excitation", () => {
  const first = pattern();
  const matrix = hebbMatrix([first]);
  times(matrix, first).forEach((value, i) => assert.ok(Math.abs(value - first[i]!) < 1e-9));
  assert.ok(Math.abs(meanField(matrix, [first]) - (1 - 1 / neurons)) < 1e-9);
});

Deno.test("W is symmetric, without a diagonal and without missing connections", () => {
  const free = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const exists = [1, 1, 0, 1, 1, 1, 0, 1, 1];
  const both = { symmetric: true, zero_diagonal: true };
  assert.deepEqual([...effectiveWeights(both, { free, exists })], [0, 3, 0, 3, 0, 7, 0, 7, 0]);
  const none = { symmetric: false, zero_diagonal: false };
  assert.deepEqual([...effectiveWeights(none, { free, exists: undefined })], free);
});

Deno.test("likeness looks off the diagonal alone", () => {
  const other = [9, 1, 2, 3, 9, 4, 5, 6, 9];
  const matrix = other.map((value, index) => index % 4 === 0 ? -7 : 2.5 * value);
  const { correlation, scale } = likeness(matrix, other);
  assert.ok(Math.abs(correlation! - 1) < 1e-12);
  assert.ok(Math.abs(scale! - 2.5) < 1e-12);
  assert.deepEqual(likeness(matrix, matrix.map(() => 0)), { correlation: null, scale: null });
});
