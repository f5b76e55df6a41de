import assert from "node:assert/strict";
import { parseRunFiles } from "../run_files.ts";
import { metricsTable, recordTable, summaryTable } from "./tables.ts";

const files = (status: unknown, metrics = "") =>
  parseRunFiles({ config: "{}", status: JSON.stringify(status), metrics });

Deno.test("summaryTable tells what is known and leaves out the rest", () => {
  const { rows } = summaryTable(files({ state: "running", sequences: 6400, seconds: 64 }));
  assert.deepEqual(rows, [
    ["State", "running"],
    ["Sequences", "6,400"],
    ["Time", "1 min 04 s"],
    ["Sequences a second", "100"],
  ]);
});

Deno.test("metricsTable shows the status value, else the last one logged, sorted", () => {
  const lines = '{"iteration":1,"b":1,"a":0.5,"c":2}\n{"iteration":2,"b":3,"a":0.25}\n';
  assert.deepEqual(metricsTable(files({ metrics: { a: 0.125 } }, lines)).rows, [
    ["a", "0.125"],
    ["b", "3"],
    ["c", "2"],
  ]);
});

Deno.test("metricsTable spreads replicas, counting the ones that are not finite", () => {
  const { columns, rows } = metricsTable(files({ metrics: { a: [1, 3, "NaN"], b: ["NaN"] } }));
  assert.equal(columns.length, 6);
  assert.deepEqual(rows, [
    ["a", "2", "1.414", "1", "3", "2 of 3"],
    ["b", "NaN", "–", "–", "–", "0 of 1"],
  ]);
});

Deno.test("recordTable flattens nested records and lists", () => {
  const record = { a: { b: 1, c: [1, "x"] }, d: [{ e: true }, null], f: {}, g: [], h: null };
  assert.deepEqual(recordTable(record, "Name").rows, [
    ["a.b", "1"],
    ["a.c", "[1, x]"],
    ["d.0.e", "true"],
    ["d.1", "null"],
    ["f", "{}"],
    ["g", "[]"],
    ["h", "null"],
  ]);
});
