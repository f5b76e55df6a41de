import assert from "node:assert/strict";
import { nextBudget } from "./early_stop.ts";
import { nextWork } from "./next_work.ts";
import { simulate } from "./testing/simulate.ts";
import { choice, knownTrial, range, sweepOf } from "./testing/sweeps.ts";
import type { KnownTrial } from "./trial.ts";

const rate = range("updater.learning_rate", "uniform", { min: 0, max: 1 });
const file = sweepOf([rate], {
  runCap: 9,
  earlyTermination: { rungs: [1, 3], eta: 3 },
});

const ask = (number: number, known: readonly KnownTrial[], of = file) =>
  nextBudget(of, { number }, known);

Deno.test("a new trial is trained to the first rung, or to its end without rungs", () => {
  assert.deepEqual(ask(0, []), { rows: 1 });
  assert.deepEqual(ask(0, [], sweepOf([rate])), { rows: Infinity });
  // A running trial that has passed a rung is on its way to the next one.
  assert.deepEqual(ask(0, [knownTrial(0, "running", 1)]), { rows: 3 });
  assert.deepEqual(ask(0, [knownTrial(0, "running", 1, 1, 1)]), { rows: Infinity });
});

Deno.test("the best 1 / eta of a rung go on, at once", () => {
  const paused = [0.5, 0.2, 0.9, 0.4].map((loss, number) => knownTrial(number, "paused", loss));
  assert.deepEqual([0, 1, 2].map((number) => ask(number, paused.slice(0, 2))), ["wait", "wait", {
    rows: 1,
  }]);
  const three = paused.slice(0, 3);
  assert.deepEqual([0, 1, 2].map((number) => ask(number, three)), ["wait", { rows: 3 }, "wait"]);
  // It goes on; four have reached the rung, of which one may.
  const later = [...paused.filter((_, n) => n !== 1), knownTrial(1, "running", 0.2)];
  assert.deepEqual([0, 2, 3].map((number) => ask(number, later)), ["wait", "wait", "wait"]);
  const six = [...later, knownTrial(4, "paused", 0.6), knownTrial(5, "paused", 0.7)];
  assert.deepEqual(ask(3, six), { rows: 3 });
  assert.deepEqual(ask(0, six), "wait");
});

Deno.test("with goal maximize the largest go on", () => {
  const paused = [0.5, 0.2, 0.9].map((score, number) => knownTrial(number, "paused", score));
  const up = { ...file, metric: { name: "accuracy", goal: "maximize" } as const };
  assert.deepEqual([0, 1, 2].map((n) => ask(n, paused, up)), ["wait", "wait", { rows: 3 }]);
});

Deno.test("a loss that is not finite never goes on, and counts at its rung", () => {
  const known = [NaN, NaN, NaN, 0.5, NaN, NaN].map((loss, n) => knownTrial(n, "paused", loss));
  assert.deepEqual(known.map((_, n) => ask(n, known)), [
    ...["wait", "wait", "wait"],
    ...[{ rows: 3 }, "wait", "wait"],
  ]);
});

Deno.test("trials stop when nobody comes any more, and the best one is trained to its end", () => {
  // Nine of nine trials have begun: three went on, one of them was the best at the second rung.
  const known = Array.from(
    { length: 9 },
    (_, n) => n < 3 ? knownTrial(n, "paused", n, n, n + 0.5) : knownTrial(n, "paused", n),
  );
  assert.deepEqual(ask(0, known), { rows: Infinity });
  assert.deepEqual(ask(1, known), "wait");
  const finished = [knownTrial(0, "finished", 0, 0, 0.5, 0.4), ...known.slice(1)];
  assert.deepEqual(finished.map((_, n) => ask(n, finished)), Array(9).fill("stop"));
  // With too few trials for the last rung, one goes on all the same.
  const few = { ...file, runCap: 2 };
  const two = [knownTrial(0, "paused", 2), knownTrial(1, "paused", 1)];
  assert.deepEqual([ask(0, two, few), ask(1, two, few)], ["wait", { rows: 3 }]);
  const one = [two[0]!, knownTrial(1, "paused", 1, 1, 1)];
  assert.deepEqual([ask(0, one, few), ask(1, one, few)], ["wait", { rows: Infinity }]);
  // All have exploded: there is none to go on with.
  const exploded = [knownTrial(0, "paused", NaN), knownTrial(1, "failed")];
  assert.deepEqual([ask(0, exploded, few), ask(1, exploded, few)], ["stop", "stop"]);
});

Deno.test("a trial that ended by itself before a rung counts there", () => {
  const known = [
    knownTrial(0, "finished", 0.5, 0.1),
    ...[knownTrial(1, "paused", 0.4, 0.4, 0.4), knownTrial(2, "paused", 0.6, 0.6, 0.6)],
  ];
  // Three at the second rung, of which the finished one is the best.
  assert.deepEqual([ask(1, known), ask(2, known)], ["wait", "wait"]);
});

Deno.test("nextWork prefers trials that came furthest, then new ones", () => {
  const known = [
    ...[3, 1, 2].map((loss, n) => knownTrial(n, "paused", loss, loss, loss)),
    ...[6, 5, 4].map((loss, n) => knownTrial(3 + n, "paused", loss)),
  ];
  const work = nextWork(file, { seed: 1, known, count: 3 });
  assert.ok(typeof work !== "string");
  assert.deepEqual(work.map(({ trial, rows }) => [trial.number, rows]), [
    [1, Infinity],
    [6, 1],
    [7, 1],
  ]);
  const running = Array.from({ length: 9 }, (_, n) => knownTrial(n, "running"));
  assert.equal(nextWork(file, { seed: 1, known: running, count: 1 }), "wait");
  const finished = running.map(({ trial }) => knownTrial(trial, "finished", 1));
  assert.equal(nextWork(file, { seed: 1, known: finished, count: 1 }), "done");
});

/** A loss that falls to the square of the rate. */
const play = (workers: number, trials = 27) =>
  simulate({ ...file, runCap: trials }, {
    ...{ seed: 1, rows: 9, workers },
    scoreAt: (values, row) => Number(values[rate.path]) ** 2 + 1 / row,
  });

Deno.test("27 trials with eta 3: a ninth is trained to the end, and it is the best of them", () => {
  const { known, rows } = play(1);
  const counts = [1, 3, 9].map((row) => known.filter(({ scores }) => scores.length >= row).length);
  assert.equal(counts[0], 27);
  // Nobody waits for a rung to be full, so some go on that a full rung would have held back.
  assert.ok(counts[1]! >= 9 && counts[1]! <= 14, `${counts}`);
  assert.ok(counts[2]! >= 3 && counts[2]! <= 6, `${counts}`);
  assert.ok(rows < 27 * 9 / 2, `${rows}`);
  const best = known.toSorted((a, b) =>
    Number(a.trial.values[rate.path]) - Number(b.trial.values[rate.path])
  );
  assert.equal(best[0]!.state, "finished");
});

Deno.test("any number of processes plays a sweep to its end", () => {
  for (const workers of [1, 2, 5, 27, 100]) {
    const { known } = play(workers);
    assert.equal(known.length, 27);
    assert.ok(known.some(({ state }) => state === "finished"));
    assert.ok(known.every(({ state }) => state !== "running"));
  }
});

Deno.test("a grid with rungs has all of its points, each once", () => {
  const grid = sweepOf([choice(rate.path, 0.1, 0.2, 0.3, 0.4, 0.5)], {
    method: "grid",
    earlyTermination: { rungs: [2], eta: 2 },
  });
  const { known, rows } = simulate(grid, {
    ...{ seed: 1, rows: 4 },
    scoreAt: (values) => Number(values[rate.path]),
  });
  assert.deepEqual(known.map(({ trial }) => trial.number).sort(), [0, 1, 2, 3, 4]);
  assert.equal(rows, 5 * 2 + 2 * known.filter(({ state }) => state === "finished").length);
  assert.equal(known.find(({ state }) => state === "finished")?.trial.number, 0);
});
