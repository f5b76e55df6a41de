import assert from "node:assert/strict";
import { rankGroups, rankTrials, standingOf } from "./standing.ts";
import { knownTrial, sweepOf } from "./testing/sweeps.ts";

const file = sweepOf([], { earlyTermination: { rungs: [1, 3], eta: 3 } });

const numbers = (trials: ReturnType<typeof rankTrials>) => trials.map(({ trial }) => trial.number);

Deno.test("a trial stands at the last rung that it has reached, or at its end", () => {
  const level = (...scores: number[]) => standingOf(file, knownTrial(0, "running", ...scores));
  assert.equal(level(), undefined);
  assert.deepEqual(level(5), { level: 1, value: 5 });
  assert.deepEqual(level(5, 4), { level: 1, value: 5 });
  assert.deepEqual(level(5, 4, 3, 2), { level: 2, value: 3 });
  assert.deepEqual(standingOf(file, knownTrial(0, "finished", 5, 4)), { level: 3, value: 4 });
  assert.deepEqual(standingOf(file, knownTrial(0, "failed", 5)), { level: 0, value: NaN });
  // Without rungs only the end counts.
  assert.equal(standingOf(sweepOf([]), knownTrial(0, "running", 5)), undefined);
});

Deno.test("further is better, then the metric; what has no finite metric is last", () => {
  const known = [
    knownTrial(0, "paused", 1),
    knownTrial(1, "finished", 9, 9, 9, 9),
    knownTrial(2, "failed", 0),
    knownTrial(3, "paused", 2, 2, 2),
    knownTrial(4, "finished", 8, 8, 8, 8),
    knownTrial(5, "running"),
    knownTrial(6, "finished", 0, NaN),
    knownTrial(7, "stopped", 1),
  ];
  assert.deepEqual(numbers(rankTrials(file, known)), [4, 1, 3, 0, 7, 2, 6]);
  assert.deepEqual(rankGroups(file, known).map(numbers), [[4], [1], [3], [0, 7], [2, 6]]);
  const up = { ...file, metric: { name: "accuracy", goal: "maximize" } as const };
  assert.deepEqual(numbers(rankTrials(up, known)).slice(0, 2), [1, 4]);
});
