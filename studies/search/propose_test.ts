import assert from "node:assert/strict";
import { propose } from "./propose.ts";
import { choice, knownTrial, range, sweepOf } from "./testing/sweeps.ts";
import type { KnownTrial, Trial } from "./trial.ts";

const rate = range("updater.learning_rate", "log_uniform_values", { min: 1e-4, max: 1 });
const layers = choice("model.num_layers", 1, 2);
const kind = choice("model.name", "rnn", "ethereal", "binding");
const fixed = choice("task.name", "palindrome");

const valuesOf = (trials: readonly Trial[]) => trials.map(({ values }) => Object.values(values));

Deno.test("a grid has every point once, the last parameter fastest", () => {
  const file = sweepOf([layers, fixed, kind], { method: "grid" });
  const all = propose(file, { seed: 1, known: [], count: 100 });
  assert.deepEqual(all.map(({ number }) => number), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(valuesOf(all), [
    ...[[1, "palindrome", "rnn"], [1, "palindrome", "ethereal"], [1, "palindrome", "binding"]],
    ...[[2, "palindrome", "rnn"], [2, "palindrome", "ethereal"], [2, "palindrome", "binding"]],
  ]);
  assert.deepEqual(Object.keys(all[0]!.values), ["model.num_layers", "task.name", "model.name"]);
});

Deno.test("a grid of 10,000 points is proposed in turns, and goes on where it was", () => {
  const digits = (path: string) => choice(path, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  const file = sweepOf(["a.a", "a.b", "a.c", "a.d"].map(digits), { method: "grid" });
  const known = propose(file, { seed: 1, known: [], count: 9998 })
    .map((trial) => knownTrial(trial, "finished", 1));
  const rest = propose(file, { seed: 1, known, count: 100 });
  assert.deepEqual(valuesOf(rest), [[9, 9, 9, 8], [9, 9, 9, 9]]);
});

Deno.test("a random trial depends on seed and number alone", () => {
  const file = sweepOf([rate, layers, kind], { runCap: 20 });
  const all = propose(file, { seed: 3, known: [], count: 20 });
  assert.equal(all.length, 20);
  // One by one, with other results, and with gaps that are filled.
  const known: KnownTrial[] = [];
  for (let count = 0; count < 20; count++) {
    const [trial] = propose(file, { seed: 3, known, count: 1 });
    assert.deepEqual(trial, all[count]);
    known.push(knownTrial(trial!, "finished", Math.sin(count)));
  }
  const holes = known.filter((_, index) => index !== 4 && index !== 11).reverse();
  assert.deepEqual(propose(file, { seed: 3, known: holes, count: 5 }), [all[4], all[11]]);
  assert.notDeepEqual(propose(file, { seed: 4, known: [], count: 20 }), all);
});

Deno.test("another parameter changes no draws of those that were there", () => {
  const [before] = propose(sweepOf([rate], { runCap: 1 }), { seed: 1, known: [], count: 1 });
  const [after] = propose(sweepOf([kind, rate], { runCap: 1 }), { seed: 1, known: [], count: 1 });
  assert.equal(after!.values[rate.path], before!.values[rate.path]);
});

Deno.test("random values follow their distribution", () => {
  const weighted = {
    ...kind,
    domain: { ...kind.domain, probabilities: [0.5, 0.3, 0.2] },
  } as typeof kind;
  const trials = propose(sweepOf([rate, weighted], { runCap: 2000 }), {
    ...{ seed: 1, known: [], count: 2000 },
  });
  const share = (isIn: (values: Trial["values"]) => boolean) =>
    trials.filter(({ values }) => isIn(values)).length / trials.length;
  // Four standard errors of a share of 2000.
  const isNear = (found: number, expected: number) =>
    assert.ok(
      Math.abs(found - expected) < 4 * Math.sqrt(expected * (1 - expected) / 2000),
      `${found}`,
    );
  isNear(share((values) => values[kind.path] === "rnn"), 0.5);
  isNear(share((values) => values[kind.path] === "binding"), 0.2);
  isNear(share((values) => Number(values[rate.path]) < 1e-3), 0.25);
  isNear(share((values) => Number(values[rate.path]) > 1e-2), 0.5);
});

Deno.test("no point comes twice, and all points of a space of lists come", () => {
  for (const method of ["random", "bayes"] as const) {
    const file = sweepOf([layers, kind, fixed], { method, runCap: 50 });
    const known: KnownTrial[] = [];
    for (let turn = 0; turn < 50; turn++) {
      const trials = propose(file, { seed: 1, known, count: 1 });
      if (trials.length === 0) break;
      known.push(knownTrial(trials[0]!, "finished", turn));
    }
    const points = known.map(({ trial }) => JSON.stringify(trial.values));
    assert.equal(points.length, 6, method);
    assert.equal(new Set(points).size, 6, method);
    // At once too.
    assert.equal(propose(file, { seed: 1, known: [], count: 50 }).length, 6, method);
  }
});

Deno.test("run_cap ends a sweep, and so does a target that was reached", () => {
  const file = sweepOf([rate], { runCap: 3 });
  const trials = propose(file, { seed: 1, known: [], count: 10 });
  assert.equal(trials.length, 3);
  const known = trials.slice(0, 2).map((trial) => knownTrial(trial, "finished", 0.5));
  const ask = (target: number, goal: "minimize" | "maximize") =>
    propose({ ...file, metric: { name: "loss", goal, target } }, { seed: 1, known, count: 10 });
  assert.equal(ask(0.4, "minimize").length, 1);
  assert.equal(ask(0.5, "minimize").length, 0);
  assert.equal(ask(0.6, "maximize").length, 1);
  assert.equal(ask(0.4, "maximize").length, 0);
});
