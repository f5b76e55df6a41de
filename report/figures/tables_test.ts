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

Deno.test("of several replicas sequences are those of each, their rate that of all", () => {
  const status = { sequences: 30, seconds: 2, metrics: { "test/loss": [1, 2, 3, 4] } };
  assert.deepEqual(summaryTable(files(status)).rows, [
    ["Sequences of each replica", "30"],
    ["Time", "2.0 s"],
    ["Sequences a second, all replicas", "60"],
  ]);
});

Deno.test("metrics have their units, and a goal that was not reached took no updates", () => {
  const status = {
    metrics: {
      "test/force": [12345.6, 2],
      "goal/reached": [0, 1],
      "goal/updates": [0, 40],
    },
  };
  const { rows } = metricsTable(parseRunFiles({
    config: "{}",
    status: JSON.stringify(status),
    figures: JSON.stringify({ metrics: { force: { kind: "mean", unit: "mN" } } }),
  }));
  assert.deepEqual(rows.map(([name, mean, , , highest]) => [name, mean, highest]), [
    ["goal/reached", "0.5", "1"],
    ["goal/updates", "40", "40"],
    ["test/force (mN)", "6,174", "12,346"],
  ]);
  const never = files({ metrics: { "goal/reached": 0, "goal/updates": 0 } });
  assert.deepEqual(metricsTable(never).rows, [["goal/reached", "0"]]);
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
