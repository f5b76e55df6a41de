/** The schema says of files what the program says of them. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import hebbff from "../../examples/own/hebbff.ts";
import type { Model } from "../../core/program/model.ts";
import { Catalogue, type Entries, entrySections, tablesOnly } from "../catalogue.ts";
import { configAssignments, setAssignment } from "../config_file.ts";
import { parseConfigFile } from "../parse_config_file.ts";
import { presets } from "../presets.ts";
import { resolveConfig } from "../resolve_config.ts";
import { configSchema } from "./config_schema.ts";

const validatorOf = (catalogue?: Catalogue) =>
  // With strict schemas the checker refuses keywords that it does not know.
  new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(
    configSchema(catalogue),
  );

const validate = validatorOf();

/** What is wrong with a config; "" if nothing. */
const problemOf = (config: unknown) =>
  validate(config) ? "" : validate.errors!.map((e) => `${e.instancePath} ${e.message}`).join("; ");

/** Whether the program takes it. */
function isTaken(config: unknown): boolean {
  try {
    resolveConfig(configAssignments(config, "test"));
    return true;
  } catch (error) {
    assert.equal((error as Error).name, "UsageError", (error as Error).stack);
    return false;
  }
}

/** As it lies in a file. */
const stored = (config: object) => JSON.parse(JSON.stringify(config));

const folders = ["docs/", "examples/"].map((path) => new URL(`../../${path}`, import.meta.url));

Deno.test("config schema: every shipped config fits it", async () => {
  let count = 0;
  for (const folder of folders) {
    for (const { name } of Deno.readDirSync(folder)) {
      if (!/\.(ya?ml|toml)$/.test(name)) continue;
      const config = await parseConfigFile(fileURLToPath(new URL(name, folder)));
      assert.equal(problemOf(config), "", name);
      count++;
    }
  }
  assert.ok(count >= 2, `${count} configs`);
});

Deno.test("config schema: the config of every run fits it, whatever its entries", () => {
  const names = [
    ...Object.keys(presets).map((preset) => ({ preset, typed: [] as string[] })),
    ...Object.keys(tablesOnly.choices("task")).map((name) => ({ typed: [`task.name=${name}`] })),
    ...Object.keys(tablesOnly.choices("model")).map((name) => ({ typed: [`model.name=${name}`] })),
    ...Object.keys(tablesOnly.choices("updater")).map((name) => ({
      typed: [`updater.name=${name}`],
    })),
    { typed: ["task.name=3_palindrome_vary"] },
    { typed: ["task.name=selcopy_4_12"] },
    { typed: ["training.sweep=updater.learning_rate=0.1,0.2", "training.keep_best=eval/loss"] },
  ];
  for (const { typed, ...options } of names) {
    const { config } = resolveConfig(typed.map(setAssignment), options);
    assert.equal(problemOf(stored(config)), "", JSON.stringify(typed));
  }
});

const right: object[] = [
  {},
  { $schema: "./hebb.schema.json", "x-base": { anything: [1] } },
  { model: { name: "ephemeral" } },
  { model: { name: "ethereal", plasticity: 3 } },
  { model: { hidden_dims: [4, 4] } },
  { task: { name: "hopfield", neurons: 32 } },
  { training: { checkpoint_save_freq: 10 } },
];

const wrong: object[] = [
  { modle: {} },
  { model: 3 },
  { model: { name: "hybird" } },
  { model: { name: "hybrid", hidden_size: 8 } },
  { model: { name: "hybrid", hidden_dims: 8 } },
  { model: { name: "hybrid", network_type: "Momo" } },
  { model: { name: "plastic_rnn", plast_clip: 3 } },
  { model: { hiden_size: 8 } },
  { task: { name: "3_kv_unique" } },
  { task: { name: "attractor", memories: 0 } },
  { task: { name: "attractor", memories: 1.5 } },
  { updater: { name: "dfa", truncate: 3 } },
  { updater: { name: "bptt", optimizer: "adamm" } },
  { updater: { name: "bptt", betas: [0.9] } },
  { training: { seeds: [] } },
  { training: { iterations: "many" } },
  { training: { sweep: { "updater.l2": 3 } } },
  { device: { name: "tpu" } },
];

Deno.test("config schema: it takes and refuses what the program does", () => {
  for (const config of right) {
    assert.equal(problemOf(config), "", JSON.stringify(config));
    assert.ok(isTaken(config), JSON.stringify(config));
  }
  for (const config of wrong) {
    assert.notEqual(problemOf(config), "", JSON.stringify(config));
    assert.ok(!isTaken(config), JSON.stringify(config));
  }
});

Deno.test("config schema: a problem names the setting, by the entry that the section names", () => {
  assert.match(
    problemOf({ model: { name: "hybrid", hidden_dims: [0] } }),
    /^\/model\/hidden_dims\/0 must be >= 1/,
  );
  assert.equal(problemOf({ model: { name: "own/rule.ts", hidden: 3 } }), "");
});

Deno.test("config schema: settings of every entry are described, and have no default that a preset changes", () => {
  const { $defs } = configSchema() as unknown as {
    $defs: Record<
      string,
      { properties: Record<string, { description?: string; default?: unknown }> }
    >;
  };
  for (const section of entrySections) {
    for (
      const name of Object.keys(tablesOnly.choices(section) as Record<string, Entries["task"]>)
    ) {
      const { name: _, ...properties } = $defs[`${section}.${name}`]!.properties;
      for (const [key, { description }] of Object.entries(properties)) {
        assert.ok(description, `${section}.${name}: ${key}`);
      }
    }
  }
  assert.equal($defs["model.ethereal"]!.properties["hidden_size"]!.default, undefined);
  assert.equal($defs["model.hybrid"]!.properties["network_type"]!.default, "Memo");
});

Deno.test("config schema: an own model has its settings, wherever its file lies from the config", () => {
  const own = { name: "examples/own/hebbff.ts", entry: hebbff as Model };
  const validate = validatorOf(new Catalogue({ model: own }));
  for (const name of ["hebbff.ts", "./own/hebbff.ts"]) {
    assert.ok(validate({ model: { name, hidden: 3 } }), name);
    assert.ok(!validate({ model: { name, hiden: 3 } }), name);
  }
  assert.ok(validate({ model: { name: "hybrid", hidden_dims: [3] } }));
});
