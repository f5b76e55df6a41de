import assert from "node:assert/strict";
import { configAssignments } from "./config_file.ts";
import { configOf, firstOfPoints, pathNames, replicasOf } from "./replicas.ts";
import { resolveConfig } from "./resolve_config.ts";

const resolve = (training: object, others: object = {}) =>
  resolveConfig(
    configAssignments({ task: { name: "attractor" }, training, ...others }, "test"),
  ).config;

Deno.test("without a sweep there is a replica a seed, at one point that sets nothing", () => {
  const config = resolve({ seeds: [3, 1] });
  assert.deepEqual(config.training.sweep, {});
  assert.deepEqual(replicasOf(config), [
    { seed: 3, point: 0, settings: {}, label: "seed 3" },
    { seed: 1, point: 0, settings: {}, label: "seed 1" },
  ]);
  assert.equal(replicasOf(resolve({}))[0]!.label, "seed 1");
});

Deno.test("replicas are all combinations with every seed, the seeds fastest, then the last path", () => {
  const sweep = { "task.memories": [2, 3], "updater.learning_rate": [0.1, 0.2] };
  const replicas = replicasOf(resolve({ seeds: [1, 2], sweep }));
  assert.deepEqual(replicas.map(({ label }) => label), [
    "memories 2, learning rate 0.1, seed 1",
    "memories 2, learning rate 0.1, seed 2",
    "memories 2, learning rate 0.2, seed 1",
    "memories 2, learning rate 0.2, seed 2",
    "memories 3, learning rate 0.1, seed 1",
    "memories 3, learning rate 0.1, seed 2",
    "memories 3, learning rate 0.2, seed 1",
    "memories 3, learning rate 0.2, seed 2",
  ]);
  assert.deepEqual(replicas.map(({ point }) => point), [0, 0, 1, 1, 2, 2, 3, 3]);
  assert.deepEqual(firstOfPoints(replicas), [0, 2, 4, 6].map((place) => replicas[place]));
});

Deno.test("with one seed a label has the swept values alone, under names that tell them apart", () => {
  const labels = (sweep: object) =>
    replicasOf({ training: { seeds: [7], sweep: { ...sweep } } }).map(({ label }) => label);
  assert.deepEqual(labels({ "task.memories": [2, 3] }), ["memories 2", "memories 3"]);
  assert.deepEqual(labels({ "task.cue": ["input"], "model.rates": [[1, 2]] }), [
    "cue input, rates [1,2]",
  ]);
  assert.deepEqual(labels({ "task.scale": [1], "model.scale": [2] }), [
    "task.scale 1, model.scale 2",
  ]);
});

Deno.test("settings are called by their last part, or by the path where two have it; names by what they name", () => {
  const paths = ["model.name", "task.name", "task.scale", "model.scale", "updater.learning_rate"];
  assert.deepEqual(paths.map(pathNames(paths)), [
    ...["model", "task", "task.scale", "model.scale", "learning rate"],
  ]);
});

Deno.test("the config of a replica is that of a run of it alone", () => {
  const sweep = { "task.memories": [2, 3], "updater.learning_rate": [0.1, 0.2] };
  const config = resolve({ seeds: [1, 2], sweep });
  const last = replicasOf(config).at(-1)!;
  const alone = resolve(
    { seeds: [2] },
    { task: { name: "attractor", memories: 3 }, updater: { learning_rate: 0.2 } },
  );
  assert.deepEqual(configOf(config, last), alone);
  assert.deepEqual(configOf(alone, replicasOf(alone)[0]!), alone);
  assert.equal(config.task.memories, 2, "what is not asked of a replica is that of the first");
});
