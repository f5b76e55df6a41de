import assert from "node:assert/strict";
import { models } from "../models/mod.ts";
import { updaters } from "../updaters/mod.ts";
import { cpuBackend } from "../core/backends/cpu/cpu.ts";
import { benchCases } from "./cases.ts";
import { checkedEngine } from "./check_then_time.ts";

Deno.test("bench cases: every model and every rule of the tables is timed", () => {
  const cases = benchCases();
  const names = cases.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(new Set(cases.map(({ model }) => model)), new Set(Object.keys(models)));
  assert.deepEqual(new Set(cases.map(({ updater }) => updater)), new Set(Object.keys(updaters)));
  assert.ok(names.includes("ethereal-dfa-default-b16"));
});

Deno.test("bench cases: a part of the names chooses, and a case is checked before it is timed", async () => {
  const cases = benchCases("oja_rnn-bptt-small");
  assert.deepEqual(cases.map(({ name }) => name), ["oja_rnn-bptt-small-b1"]);
  const backend = cpuBackend({ threads: 1 });
  const { engine, error } = await checkedEngine(backend, cases[0]!);
  assert.ok(error <= 1e-5);
  engine.close();
  backend.close();
});
