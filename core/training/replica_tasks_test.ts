import assert from "node:assert/strict";
import { crossEntropy } from "../losses/cross_entropy.ts";
import type { Task } from "./task.ts";
import { replicaTasks } from "./replica_tasks.ts";

const task = (streak: number): Task & Required<Pick<Task, "goal">> => ({
  name: "patterns",
  summary: "",
  steps: 1,
  inputs: {},
  loss: crossEntropy,
  output: [2],
  sizes: {},
  score: "kept",
  chance: 0,
  bestLoss: 0,
  goal: { threshold: 1, streak, longest: 9 },
  sequence: () => ({}),
});

Deno.test("one task is that of all replicas, several are one per replica", () => {
  const [few, many] = [task(3), task(4)];
  assert.deepEqual(replicaTasks(few, 2), [few, few]);
  assert.deepEqual(replicaTasks([few, many], 2), [few, many]);
});

Deno.test("too few tasks, and tasks that are judged in other ways, are refused", () => {
  const one = task(3);
  assert.throws(() => replicaTasks([one], 2), {
    name: "RangeError",
    message: "Expected 2 tasks, one per replica, got 1",
  });
  assert.throws(() => replicaTasks([], 0), RangeError);
  assert.throws(() => replicaTasks([one, { ...one, score: "other" }], 2), {
    name: "RangeError",
    message: "Expected tasks that are judged alike, got (patterns, score kept, a goal) and " +
      "(patterns, score other, a goal)",
  });
  const { goal: _, ...aimless } = one;
  assert.throws(() => replicaTasks([one, aimless], 2), /judged alike/);
});
