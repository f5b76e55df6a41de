import assert from "node:assert/strict";
import { setAssignment } from "../../config/config_file.ts";
import { presets } from "../../config/presets.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import {
  configurationsWith,
  hybridConfigurations,
  optimizerOf,
  ownMethod,
  publishedMethod,
} from "./configurations.ts";

Deno.test("eighteen networks, nine of each size, with names of their own", () => {
  assert.equal(hybridConfigurations.length, 18);
  assert.equal(new Set(hybridConfigurations.map(({ name }) => name)).size, 18);
  assert.equal(hybridConfigurations.filter(({ size }) => size === "large").length, 9);
  const names = hybridConfigurations.map(({ name }) => name);
  assert.equal(names[0], "memo-ma-50-50");
  assert.ok(names.includes("nonl-a-100-100") && names.includes("memo-m-50"));
});

Deno.test("the reference is the published one", () => {
  assert.deepEqual(
    hybridConfigurations.map(({ reference }) => reference),
    [13, 10, 8, 6, 5, 3, 3, 2, 2, 7, 7, 6, 5, 3, 3, 2, 1, 1],
  );
  const bounds = hybridConfigurations.filter(({ referenceIsBound }) => referenceIsBound);
  assert.deepEqual(bounds.map(({ name }) => name), ["nonl-a-100-100", "nonl-a-50-50"]);
});

Deno.test("the published training differs in the optimizer and the first rates alone", () => {
  const train = ({ settings }: { settings: readonly string[] }) =>
    resolveConfig(settings.map(setAssignment)).config;
  const published = configurationsWith(publishedMethod);
  hybridConfigurations.forEach((configuration, index) => {
    const { updater, model, ...rest } = train(configuration);
    const { updater: theirs, model: theirModel, ...same } = train(published[index]!);
    assert.deepEqual(same, rest);
    const ours = configuration.networkType === "Nonl_RO" ? "random" : "anti_hebbian";
    assert.deepEqual({ ...theirModel, initial_rates: ours }, model);
    assert.deepEqual({ ...model, initial_rates: "random" }, theirModel);
    assert.deepEqual({ ...theirs, ...optimizerOf(ownMethod, configuration) }, updater);
    assert.deepEqual({ ...updater, ...publishedMethod.optimizer }, theirs);
    assert.deepEqual([theirs.optimizer, theirs.learning_rate], ["adam", 0.001]);
    assert.deepEqual([theirs.learning_rate_half_time, theirs.grad_clip], [0, 0]);
  });
});

Deno.test("networks of the experiment learn as those of the preset", () => {
  assert.deepEqual(presets["continual-scene"]!.updaters["bptt"], ownMethod.optimizer);
});

for (const { name, settings, networkType, hiddenDims, plasticTypes } of hybridConfigurations) {
  Deno.test(`${name} is what train makes of its settings`, () => {
    const { config, notes } = resolveConfig(settings.map(setAssignment));
    assert.deepEqual(notes, [
      "note: task.variation 0.1: 2 of 25 values, which is 0.08 of them",
    ]);
    const { task, model, updater, training } = config;
    assert.deepEqual(task, {
      name: "continual_scene",
      scene_time: 4,
      variation: 0.1,
      vec_len: 25,
      interval: 1,
      curriculum: true,
      acc_threshold: 0.99,
      acc_num: 5,
      max_updates: 1_000_000,
      verify_scenes: 0,
    });
    assert.equal(model.name, "hybrid");
    assert.equal(model.network_type, networkType);
    assert.deepEqual(model.hidden_dims, hiddenDims);
    assert.deepEqual(model.plastic_types, plasticTypes);
    assert.deepEqual(model.hetero_rates, plasticTypes.map(() => 1));
    assert.deepEqual([updater.name, updater.optimizer, updater.learning_rate], [
      "bptt",
      "adam",
      3e-3,
    ]);
    assert.equal(training.batch_size, 1);
  });
}
