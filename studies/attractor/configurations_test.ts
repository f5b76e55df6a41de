import assert from "node:assert/strict";
import { setAssignment } from "../../config/config_file.ts";
import { replicasOf } from "../../config/replicas.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import { buildRun } from "../../config/build/build_run.ts";
import { attractorConfigurations } from "./configurations.ts";
import { studies } from "./studies.ts";

const resolved = (name: string) => {
  const { settings } = attractorConfigurations.find((configuration) =>
    configuration.name === name
  )!;
  return resolveConfig(settings.map(setAssignment)).config;
};

Deno.test("every configuration has a name of its own, settings that fit, and a study", () => {
  const names = attractorConfigurations.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  const studyNames: string[] = studies.map(({ name }) => name);
  for (const { name, settings, iterations, studies: own } of attractorConfigurations) {
    const { config, notes } = resolveConfig(settings.map(setAssignment));
    assert.deepEqual(notes, [], name);
    assert.ok(own.length > 0 && own.every((study) => studyNames.includes(study)), name);
    assert.equal(config.task["max_updates"], iterations);
    buildRun(config);
  }
  for (const study of studyNames) {
    assert.ok(
      attractorConfigurations.some((configuration) => configuration.studies.includes(study)),
      study,
    );
  }
});

Deno.test("the published form is the published preset", () => {
  const { config } = resolveConfig([], { preset: "published-attractor" });
  const { model, updater, task } = resolved("memory-published");
  assert.deepEqual(model, config.model);
  assert.deepEqual(updater, config.updater);
  // Without the model's margin its weight has no meaning.
  assert.deepEqual({ ...task, margin_weight: 0 }, { ...config.task, margin_weight: 0 });
});

Deno.test("the margin form is the default of the model", () => {
  const { config } = resolveConfig(
    ["model.name=attractor", "task.memories=15"].map(setAssignment),
  );
  const marginConfig = resolved("memory-margin-15");
  for (const section of ["task", "model", "updater"] as const) {
    assert.deepEqual(marginConfig[section], config[section]);
  }
  assert.equal(marginConfig.training.batch_size, 15);
  assert.equal(config.training.batch_size, 15);
});

Deno.test("points of a sweep are replicas of one run", () => {
  const replicas = replicasOf(resolved("memory-published"));
  assert.deepEqual(replicas.map(({ settings }) => settings["task.memories"]), [5, 10, 15, 20]);
});

Deno.test("what may diverge has an activation without bound", () => {
  for (const { mayDiverge, values } of attractorConfigurations) {
    const activation = String(values["model.activation"] ?? "tanh");
    assert.equal(mayDiverge ?? false, ["relu", "linear"].includes(activation));
  }
});
