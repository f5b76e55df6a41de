import assert from "node:assert/strict";
import { randomStream } from "../../core/random.ts";
import { propose } from "./propose.ts";
import { choice, knownTrial, range, sweepOf } from "./testing/sweeps.ts";
import { mixture } from "./tpe.ts";
import type { KnownTrial } from "./trial.ts";

const rate = range("updater.learning_rate", "log_uniform_values", { min: 1e-4, max: 1 });
const kind = choice("model.name", "rnn", "ethereal", "binding");
const file = sweepOf([rate, kind, choice("task.name", "palindrome")], {
  method: "bayes",
  runCap: 200,
});

/** Good near a rate of 0.01, with a binding network. */
const lossOf = (values: KnownTrial["trial"]["values"]) =>
  Math.abs(Math.log10(Number(values[rate.path])) + 2) + (values[kind.path] === "binding" ? 0 : 1);

/** Random trials with their losses. */
const begun = (count: number, loss = lossOf): KnownTrial[] =>
  propose({ ...file, method: "random" }, { seed: 5, known: [], count })
    .map((trial) => knownTrial(trial, "finished", loss(trial.values)));

Deno.test("the first points of bayes are those of random search", () => {
  const options = { seed: 2, known: [], count: 5 };
  assert.deepEqual(propose(file, options), propose({ ...file, method: "random" }, options));
});

Deno.test("points are proposed where good ones were", () => {
  const trials = propose(file, { seed: 1, known: begun(40), count: 20 });
  const near = trials.filter(({ values }) => lossOf(values) < 0.75);
  const atRandom = begun(120).filter(({ trial }) => lossOf(trial.values) < 0.75);
  assert.ok(near.length / 20 > 2 * atRandom.length / 120, `${near.length}, ${atRandom.length}`);
  for (const { values } of trials) {
    assert.ok(Number(values[rate.path]) >= 1e-4 && Number(values[rate.path]) <= 1);
    assert.equal(values["task.name"], "palindrome");
  }
});

Deno.test("goals turn around", () => {
  const trials = propose({ ...file, metric: { name: "score", goal: "maximize" } }, {
    ...{ seed: 1, count: 20 },
    known: begun(40, (values) => -lossOf(values)),
  });
  assert.deepEqual(trials, propose(file, { seed: 1, known: begun(40), count: 20 }));
});

Deno.test("the order of what is known does not matter, its results and the seed do", () => {
  const known = begun(30);
  const ask = (seed: number, known: readonly KnownTrial[]) =>
    propose(file, { seed, known, count: 3 });
  assert.deepEqual(ask(1, known.toReversed()), ask(1, known));
  assert.notDeepEqual(ask(2, known), ask(1, known));
  assert.notDeepEqual(ask(1, begun(30, (values) => -lossOf(values))), ask(1, known));
});

Deno.test("trials that are running count among the bad ones: several at once lie apart", () => {
  const known = begun(30);
  const spread = (trials: readonly KnownTrial["trial"][]) => {
    const logs = trials.map(({ values }) => Math.log10(Number(values[rate.path])));
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    return Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length);
  };
  // Each as if nothing else were running.
  const alone = Array.from(
    { length: 20 },
    (_, seed) => propose(file, { seed, known, count: 1 })[0]!,
  );
  assert.ok(spread(propose(file, { seed: 1, known, count: 20 })) > spread(alone));
});

Deno.test("failed trials and losses that are not finite are bad, not fatal", () => {
  const known = begun(30).map((trial, index) =>
    lossOf(trial.trial.values) < 1
      ? trial
      : index % 2 === 0
      ? knownTrial(trial.trial, "failed")
      : knownTrial(trial.trial, "finished", NaN)
  );
  const trials = propose(file, { seed: 1, known, count: 20 });
  assert.equal(trials.length, 20);
  const near = trials.filter(({ values }) => lossOf(values) < 1);
  assert.ok(near.length >= 10, `${near.length}`);
});

Deno.test("densities have a mean of 1 over the prior, and points that are drawn follow them", () => {
  const weighted = {
    ...kind,
    domain: { ...kind.domain, probabilities: [0.6, 0.3, 0.1] },
  } as typeof kind;
  const parameters = [rate, range("a.share", "uniform", { min: 0, max: 1 }), weighted];
  const prior = mixture(parameters, []);
  const random = randomStream({ seed: 1 });
  const draws = 20_000;
  const mean = (value: () => number) =>
    Array.from({ length: draws }, value).reduce((sum, part) => sum + part, 0) / draws;
  for (const centres of [1, 3, 12]) {
    const points = Array.from({ length: centres }, () => prior.draw(random));
    const { draw, density } = mixture(parameters, points);
    const overPrior = mean(() => density(prior.draw(random)));
    assert.ok(Math.abs(overPrior - 1) < 0.05, `${centres}: ${overPrior}`);
    const overDraws = mean(() => 1 / density(draw(random)));
    assert.ok(Math.abs(overDraws - 1) < 0.05, `${centres}: ${overDraws}`);
  }
});
