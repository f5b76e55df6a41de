import assert from "node:assert/strict";
import type { RunFacts } from "../store/index/run_facts.ts";
import { createTimeLeft } from "./time_left.ts";

const begun = Date.parse("2030-04-01T10:00:00.000Z");

const runAt = (iterations: number, seconds: number, facts: Partial<RunFacts> = {}): RunFacts => ({
  ...{ path: "a", name: "a", state: "running", started: "", task: "", model: "", updater: "" },
  ...{ replicas: 1, diverged: 0, device: "", memory: 0, score: "", message: "", metrics: {} },
  ...{ forkedFrom: "", forkedAt: 0, iterations, seconds, sequences: 4 * iterations },
  updated: new Date(begun + 1000 * seconds).toISOString(),
  settings: { "training.iterations": 1000 },
  ...facts,
});

const at = (seconds: number) => begun + 1000 * seconds;

Deno.test("the time left follows the newest pace, less what has passed since the last row", () => {
  const left = createTimeLeft();
  // A second an iteration from the beginning, then twice as fast.
  assert.equal(left.of(runAt(100, 100), at(100)), 900);
  assert.equal(left.of(runAt(100, 100), at(130)), 870);
  assert.equal(left.of(runAt(200, 150), at(150)), 400);
  assert.equal(left.of(runAt(200, 150), at(9999)), 0);
});

Deno.test("no time is told of a run that does not train, has done nothing, or says no end", () => {
  const left = createTimeLeft();
  assert.equal(left.of(runAt(0, 0), at(0)), undefined);
  assert.equal(left.of(runAt(5, 5, { state: "completed" }), at(5)), undefined);
  assert.equal(left.of(runAt(5, 5, { settings: {} }), at(5)), undefined);
});

Deno.test("a run that goes on from an earlier checkpoint is measured anew", () => {
  const left = createTimeLeft();
  left.of(runAt(500, 500), at(500));
  left.of(runAt(600, 600), at(600));
  assert.equal(left.of(runAt(400, 800), at(800)), 1200);
  assert.equal(left.of(runAt(500, 810), at(810)), 50);
});
