/** The configs in docs/ resolve, and build what they say. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { buildRun } from "./build/build_run.ts";
import { readConfigFile } from "./config_file.ts";
import { resolveConfig } from "./resolve_config.ts";

const configOf = async (name: string) => {
  const path = fileURLToPath(new URL(`../docs/${name}`, import.meta.url));
  return resolveConfig(await readConfigFile(path)).config;
};

Deno.test("shipped configs: key recall is the default run, written out", async () => {
  assert.deepEqual(await configOf("key_recall.yaml"), resolveConfig([]).config);
});

Deno.test("shipped configs: the stability map is one program of 56 pairs of settings with 10 seeds", async () => {
  const config = await configOf("stability_map.yaml");
  const { program, model, tasks } = buildRun(config);
  assert.equal(program.extents.replicas, 560);
  assert.equal(tasks.length, 560);
  assert.deepEqual(model.parameters["linear2/weight"]!.shape, [50, 50]);
  assert.deepEqual([config.updater["clip_weights"], config.training.exploded_loss], [0, 2]);
});
