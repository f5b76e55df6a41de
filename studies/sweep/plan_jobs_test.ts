import assert from "node:assert/strict";
import { propose } from "../search/propose.ts";
import type { Trial } from "../search/trial.ts";
import { firstJobs } from "./create_sweep.ts";
import { evenParts, groupExactly } from "./pack_trials.ts";
import { planJobs } from "./plan_jobs.ts";
import { jobConfig, pointConfig } from "./point_config.ts";
import { replicasOf } from "../../config/replicas.ts";
import { definedSweep } from "./testing/simulated_sweep.ts";

const rnn = ["model.name=rnn", "updater.name=bptt"];

/** The plan of a grid: the values of the points of each run. */
async function planOf(
  parameters: string,
  { settings = rnn, seeds = [1], ...packing }: {
    settings?: readonly string[];
    seeds?: readonly number[];
    networks?: number;
    atOnce?: number;
  } = {},
) {
  const text = `method: grid\nparameters: ${parameters}\n`;
  const sweep = await definedSweep("nowhere", { text, settings, seeds });
  const trials = propose(sweep.file, { seed: 1, known: [], count: Infinity });
  return planJobs(sweep, trials, { atOnce: 1, ...packing }).map((group) =>
    group.map(({ values }) => Object.values(values))
  );
}

Deno.test("points that leave the program equal are in one run, others in runs of their own", async () => {
  assert.deepEqual(
    await planOf("{ learning_rate: { values: [0.01, 0.1] }, hidden_size: { values: [4, 5] } }"),
    [[[0.01, 4], [0.1, 4]], [[0.01, 5], [0.1, 5]]],
  );
  // What holds for all replicas of a run is a run of its own too.
  assert.deepEqual(
    await planOf("{ learning_rate: { values: [0.01, 0.1] }, batch_size: { values: [2, 4] } }"),
    [[[0.01, 2], [0.1, 2]], [[0.01, 4], [0.1, 4]]],
  );
});

Deno.test("a run has no more networks than are allowed, and all seeds of its points", async () => {
  const rates = "{ learning_rate: { values: [0.01, 0.02, 0.03, 0.04, 0.05] } }";
  const sizes = async (options: Parameters<typeof planOf>[1]) =>
    (await planOf(rates, options)).map(({ length }) => length);
  assert.deepEqual(await sizes({}), [5]);
  assert.deepEqual(await sizes({ networks: 4, seeds: [1, 2] }), [1, 2, 2]);
  assert.deepEqual(await sizes({ networks: 1, seeds: [1, 2, 3] }), [1, 1, 1, 1, 1]);
  assert.deepEqual(await sizes({ atOnce: 2 }), [2, 3]);
});

Deno.test("a point stands alone where a training ends by what other networks do", async () => {
  const parameters = "{ learning_rate: { values: [0.01, 0.1] } }";
  for (
    const settings of [
      ["model.name=attractor"],
      ["model.name=hybrid"],
      [...rnn, "training.early_stop_metric=eval/loss"],
      [...rnn, "training.early_stop_loss=3"],
    ]
  ) {
    assert.deepEqual(await planOf(parameters, { settings }), [[[0.01]], [[0.1]]], settings.join());
  }
});

Deno.test("the run of several points sweeps what differs, with the networks of each point in a row", async () => {
  const sweep = await definedSweep("nowhere", {
    text: "method: grid\nparameters: { learning_rate: { values: [0.01] } }\n",
    settings: rnn,
    seeds: [7, 8],
  });
  const configs = [[0.01, 0.1], [0.02, 0.3]].map(([rate, clip]) =>
    pointConfig(sweep, { "updater.learning_rate": rate!, "updater.grad_clip": clip! })
  );
  const { training } = jobConfig(configs);
  assert.deepEqual(training.sweep, {
    "updater.learning_rate,updater.grad_clip": [[0.01, 0.1], [0.02, 0.3]],
  });
  assert.deepEqual(
    replicasOf({ training }).map(({ seed, settings }) => [seed, ...Object.values(settings)]),
    [
      ...[[7, 0.01, 0.1], [8, 0.01, 0.1], [7, 0.02, 0.3], [8, 0.02, 0.3]],
    ],
  );
  assert.deepEqual(jobConfig(configs.slice(0, 1)).training.sweep, {});
});

Deno.test("points that were taken for equal are told apart when they are built", async () => {
  const text = "method: grid\nparameters: { hidden_size: { values: [4] } }\n";
  const sweep = await definedSweep("nowhere", { text, settings: rnn });
  const trials = [4, 5, 4, 0, 5].map((size, number): Trial => ({
    number,
    values: { "model.hidden_size": size, "updater.learning_rate": 0.01 * (number + 1) },
  }));
  assert.deepEqual(groupExactly(sweep, trials).map((group) => group.map(({ number }) => number)), [
    [0, 2],
    [1, 4],
    [3],
  ]);
});

Deno.test("a metric is taken if rows will have it, that of levels and goals too", async () => {
  const plan = async (model: string, metric: string) =>
    firstJobs(
      await definedSweep("nowhere", {
        text: `method: grid\nmetric: { name: ${metric}, goal: maximize }\n` +
          "parameters: { learning_rate: { values: [0.01] } }\n",
        settings: [`model.name=${model}`],
      }),
      { atOnce: 1 },
    ).jobs.length;
  assert.equal(await plan("hybrid", "curriculum/passed"), 1);
  assert.equal(await plan("attractor", "goal/reached"), 1);
  assert.equal(await plan("rnn", "plastic/gradient_norm"), 1);
  assert.equal(await plan("rnn", "accuracy"), 1);
  await assert.rejects(plan("rnn", "goal/reached"), /metric\.name: expected a metric of the rows/);
});

Deno.test("parts are about equally large, and in order", () => {
  assert.deepEqual(evenParts([1, 2, 3, 4, 5, 6, 7], 3), [[1, 2], [3, 4], [5, 6, 7]]);
  assert.deepEqual(evenParts([], 3), []);
});
