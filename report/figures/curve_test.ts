import assert from "node:assert/strict";
import { collectMetrics } from "../run_metrics.ts";
import { finiteMean, readAverages, readCurve as readCurveOf, thinningNote } from "./curve.ts";

const lineOf = (row: unknown) =>
  JSON.stringify(row, (_, x) => typeof x === "number" && !Number.isFinite(x) ? String(x) : x);
const readCurve = (rows: readonly unknown[], key: string) =>
  readCurveOf(collectMetrics(rows.map(lineOf)), key);

Deno.test("readCurve takes the rows that hold the metric", () => {
  const curve = readCurve([{ a: 1 }, { b: 5 }, { a: 3, b: "text" }], "a");
  assert.deepEqual(curve, { key: "a", rows: [0, 2], replicas: [[1, 3]], mean: [1, 3], stretch: 1 });
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

Deno.test("readCurve thins a long run and keeps its peaks, first and last row", () => {
  const values = Array.from({ length: 4_501 }, (_, index) => index % 2);
  values[0] = 7;
  values[1_234] = 1e6;
  values[3_333] = -5;
  values[4_500] = 0.5;
  const curve = readCurve(values.map((a, iteration) => ({ a, iteration })), "a");
  assert.ok(curve);
  assert.equal(curve.stretch, 8);
  assert.ok(curve.rows.length <= 2_002 && curve.rows.length > 1_000, `${curve.rows.length} rows`);
  const drawn = curve.replicas[0]!;
  assert.deepEqual([drawn[0], Math.max(...drawn), Math.min(...drawn), drawn.at(-1)], [
    7,
    1e6,
    -5,
    0.5,
  ]);
  assert.equal(
    thinningNote([curve]),
    "Of every 8 logged values the lowest and the highest are drawn.",
  );
});

Deno.test("readCurve draws fewer points a replica where there are many", () => {
  const rows = Array.from({ length: 2_000 }, (_, index) => ({ a: new Array(64).fill(index % 7) }));
  const length = readCurve(rows, "a")!.rows.length;
  assert.ok(length > 150 && length <= 314, `${length} rows`);
});

Deno.test("readAverages takes the mean of all values, not of the drawn ones", () => {
  const lines = Array.from({ length: 10_000 }, (_, index) => `{"a":${index % 10 === 0 ? 10 : 0}}`);
  const averages = readAverages(collectMetrics(lines), "a")!;
  assert.ok(averages.rows.length <= 1_000);
  assert.ok(Math.abs(finiteMean(averages.mean) - 1) < 0.01, `${finiteMean(averages.mean)}`);
});

Deno.test("thinningNote is silent about a complete curve", () => {
  assert.equal(thinningNote([]), "");
});

Deno.test("finiteMean of nothing finite is NaN", () => {
  assert.equal(finiteMean([NaN, 2, 4]), 3);
  assert.equal(finiteMean([]), NaN);
});
