import assert from "node:assert/strict";
import { defineModel, type Model } from "../../core/program/model.ts";
import { z } from "../../deps/zod.ts";
import { settingFlags } from "./flags.ts";
import { Catalogue, tablesOnly } from "../../config/catalogue.ts";
import { setAssignment } from "../../config/config_file.ts";
import { models } from "../../models/mod.ts";
import { resolveConfig } from "../../config/resolve_config.ts";

const published = [
  "--learning_rate",
  "--plast_clip",
  "--plast_proportion",
  "--forget_rate",
  "--updater",
  "--model_type",
  "--batch_size",
  "--hidden_size",
  "--num_layers",
  "--residual_connection",
  "--normalize",
  "--clip_weights",
  "--grad_clip",
  "--self_grad",
  "--input_mode",
  "--positional_encoding_dim",
  "--enable_recurrence",
  "--n_iters",
  "--print_freq",
  "--dataset",
  "--checkpoint_save_freq",
  "--plasticity",
  "--ephemeral_fraction",
  "--ephemeral_update_clamp",
  "--grad_norm_clip",
  "--weight_clamp",
  "--fast_weight_clamp",
  "--unit_norm_weights",
  "--slow_weight_decay",
  "--output_tanh",
  "--dfa_fprime",
  "--wipe_every",
];

Deno.test("flags: every name means one setting, and every published name is taken", () => {
  const names = settingFlags().flatMap((flag) => flag.names);
  assert.equal(new Set(names).size, names.length);
  for (const name of published) assert.ok(names.some((flag) => flag === name), name);
});

Deno.test("flags: the learning rate has its usual short name", () => {
  const rate = settingFlags().find(({ names }) => names.some((name) => name === "--lr"));
  assert.equal(rate?.names[0], "--learning-rate");
});

Deno.test("flags: the first name is in kebab-case, and every flag is described", () => {
  for (const { names, description } of settingFlags()) {
    assert.match(names[0], /^--[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.ok(description.length > 3, names[0]);
  }
});

Deno.test("flags: the default in brackets is what a run without options uses", () => {
  const own = { name: "own.ts", entry: models.rnn! };
  for (const catalogue of [tablesOnly, new Catalogue({ model: own })]) {
    const typed = catalogue === tablesOnly ? [] : [setAssignment("model.name=own.ts")];
    const { config } = resolveConfig(typed, { catalogue });
    let compared = 0;
    for (const { section, key, description, names } of settingFlags(catalogue)) {
      const fallback = /\[([^\]]*)\]$/.exec(description)?.[1];
      const settings = config[section] as Readonly<Record<string, unknown>>;
      // Those of other entries are not in this config, and some are computed from others.
      if (fallback === undefined || !Object.hasOwn(settings, key)) continue;
      assert.equal(fallback, String(settings[key]), names[0]);
      compared++;
    }
    assert.ok(compared > 15, `${compared} compared`);
  }
  const hidden = settingFlags().find(({ key }) => key === "hidden_size");
  assert.match(hidden!.description, /\[32\]$/);
});

Deno.test("flags: settings of one's own leave those of training and devices their names", () => {
  const config = z.strictObject({ iterations: z.int().default(3), threads: z.int().default(1) });
  const none = () => ({});
  const entry = defineModel({
    ...{ name: "own", config, parameters: none, state: none, inputs: none },
    // deno-lint-ignore no-explicit-any -- it is never traced.
    step: none as any,
  });
  const flags = settingFlags(new Catalogue({ model: { name: "own.ts", entry: entry as Model } }));
  const namesOf = (section: string, key: string) =>
    flags.find((flag) => flag.section === section && flag.key === key)!.names[0];
  assert.equal(namesOf("training", "iterations"), "--iterations");
  assert.equal(namesOf("device", "threads"), "--threads");
  assert.equal(namesOf("model", "iterations"), "--model-iterations");
  assert.equal(namesOf("model", "threads"), "--model-threads");
});
