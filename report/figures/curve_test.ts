import assert from "node:assert/strict";
import { finiteMean, readCurve, thinningNote } from "./curve.ts";

Deno.test("readCurve takes the rows that hold the metric", () => {
  const curve = readCurve([{ a: 1 }, { b: 5 }, { a: 3, b: "text" }], "a");
  assert.deepEqual(curve, { key: "a", rows: [0, 2], replicas: [[1, 3]], mean: [1, 3], stride: 1 });
  assert.equal(readCurve([{ a: 1 }], "b"), undefined);
  assert.equal(readCurve([{ b: "text" }, { b: [] }], "b"), undefined);
});

Deno.test("readCurve averages over the replicas that are finite", () => {
  const curve = readCurve([{ a: [1, 3] }, { a: [NaN, 5] }, { a: [NaN, Infinity] }], "a");
  assert.deepEqual(curve?.replicas, [[1, NaN, NaN], [3, 5, Infinity]]);
  assert.deepEqual(curve?.mean, [2, 5, NaN]);
});

Deno.test("readCurve fills a replica that a row lacks with NaN", () => {
  assert.deepEqual(readCurve([{ a: 1 }, { a: [2, 4] }], "a")?.replicas, [[1, 2], [NaN, 4]]);
});

Deno.test("readCurve thins a long run and keeps its last row", () => {
  const rows = Array.from({ length: 4_500 }, (_, index) => ({ a: index }));
  const curve = readCurve(rows, "a");
  assert.ok(curve);
  assert.equal(curve.stride, 3);
  assert.equal(curve.rows.length, 1_501);
  assert.equal(curve.rows.at(-1), 4_499);
  assert.deepEqual(curve.replicas[0]?.slice(0, 3), [0, 3, 6]);
  assert.equal(thinningNote([curve]), "Every 3rd logged value is drawn.");
});

Deno.test("readCurve draws fewer points a replica where there are many", () => {
  const rows = Array.from({ length: 2_000 }, () => ({ a: new Array<number>(64).fill(1) }));
  assert.equal(readCurve(rows, "a")?.rows.length, 287);
});

Deno.test("thinningNote is silent about a complete curve", () => {
  assert.equal(thinningNote([]), "");
});

Deno.test("finiteMean of nothing finite is NaN", () => {
  assert.equal(finiteMean([NaN, 2, 4]), 3);
  assert.equal(finiteMean([]), NaN);
});
