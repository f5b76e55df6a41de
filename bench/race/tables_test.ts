import assert from "node:assert/strict";
import { floorTable, raceTable } from "./tables.ts";
import { rowOf } from "./testing/rows.ts";

const fast = { ms: 0.5, min_ms: 0.25 };
const slow = { ms: 2, min_ms: 2 };

Deno.test("race table: a column an engine, ratios to the fastest, and their geometric mean", () => {
  const lines = raceTable([
    {
      ours: rowOf("hebb", fast),
      peers: [rowOf("torch", { ms: 150, min_ms: 120.4 }), rowOf("jax", slow)],
    },
    {
      ours: rowOf("hebb", slow, "the second"),
      peers: [rowOf("numpy", { ms: 18, min_ms: 16 }, "the second")],
    },
    { ours: rowOf("hebb", slow, "alone"), peers: [] },
  ]);
  assert.deepEqual(lines, [
    "median (least), ms            hebb      torch          jax        numpy         ratio      of least",
    "one                  0.500 (0.250)  150 (120)  2.00 (2.00)            -    4.00 (jax)    8.00 (jax)",
    "the second             2.00 (2.00)          -            -  18.0 (16.0)  9.00 (numpy)  8.00 (numpy)",
    "alone                  2.00 (2.00)          -            -            -             -             -",
    "geometric mean of 2                                                              6.00          8.00",
  ]);
});

Deno.test("race table: without other engines there is no mean", () => {
  const lines = raceTable([{ ours: rowOf("hebb", fast), peers: [] }]);
  assert.deepEqual(lines, [
    "median (least), ms           hebb  ratio  of least",
    "one                 0.500 (0.250)      -         -",
  ]);
});

Deno.test("floor table: the share is that of the least time", () => {
  const floor = { operations: 2e6, operationsMs: 0.02, bytes: 4e5, bytesMs: 0.05, ms: 0.05 };
  assert.deepEqual(floorTable([{ ours: rowOf("hebb", fast), peers: [], floor }]), [
    "floor, ms  Mop  at peak   MB  moved in   floor  least  share",
    "one        2.0   0.0200  0.4    0.0500  0.0500  0.250    20%",
  ]);
});
