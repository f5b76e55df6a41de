import assert from "node:assert/strict";
import type { RunConfig } from "./run_config.ts";
import type { Model } from "../core/program/model.ts";
import { z } from "../deps/zod.ts";
import { models } from "../models/mod.ts";
import { updaters } from "../updaters/mod.ts";
import { buildTask } from "./build/build_run.ts";
import { Catalogue } from "./catalogue.ts";
import { configAssignments, setAssignment } from "./config_file.ts";
import { presets } from "./presets.ts";
import { resolveConfig } from "./resolve_config.ts";

const resolve = (config: object, preset?: string) =>
  resolveConfig(configAssignments(config, "test"), preset === undefined ? {} : { preset }).config;

/** What config.json holds of a config. */
const stored = (config: RunConfig): unknown => JSON.parse(JSON.stringify(config));

Deno.test("config: every preset fits every model with every updater", () => {
  for (const preset of Object.keys(presets)) {
    for (const model of Object.keys(models)) {
      for (const updater of Object.keys(updaters)) {
        const config = resolve({ model: { name: model }, updater: { name: updater } }, preset);
        assert.equal(config.model.name, model);
        assert.equal(config.updater.name, updater);
      }
    }
  }
});

Deno.test("config: resolving a resolved config changes nothing", () => {
  const config = resolve({ model: { name: "rnn" }, training: { iterations: 70 } });
  const resolved =
    resolveConfig(configAssignments(stored(config), "test"), { source: "test" }).config;
  assert.deepEqual(resolved, config);
  assert.equal(JSON.stringify(resolved), JSON.stringify(config));
});

Deno.test("config: intervals follow the number of iterations unless they are given", () => {
  const { training } = resolve({ training: { iterations: 1000 } });
  assert.deepEqual([training.log_every, training.checkpoint_every], [40, 100]);
  const chosen = resolve({ training: { iterations: 1000, log_every: 3, checkpoint_every: 0 } });
  assert.deepEqual([chosen.training.log_every, chosen.training.checkpoint_every], [3, 0]);
});

Deno.test("config: later settings win, and the published names of tasks become ours", () => {
  const assignments = [
    ...configAssignments({ task: { name: "2_palindrome" }, model: { hidden_size: 3 } }, "test"),
    setAssignment("model.hidden_size=5"),
  ];
  const { config } = resolveConfig(assignments);
  assert.equal(config.model.hidden_size, 5);
  assert.equal(config.task.name, "2_palindrome_vary");
});

Deno.test("config: a config that was stored with a numbered task keeps its name and settings", () => {
  const task = { name: "3_resequence", length: 6, held_out: "draws" };
  assert.deepEqual(resolve({ task }).task, task);
  const stored = resolveConfig(
    configAssignments({ task, model: { name: "rnn" }, updater: { name: "bptt" } }, "config.json"),
    { source: "config.json" },
  ).config;
  assert.deepEqual(stored.task, task);
  assert.equal(buildTask(stored).name, "3_resequence");
  assert.throws(
    () => resolve({ task: { ...task, length: 3 } }),
    /^UsageError: test: task\.length: expected at least 4, got 3$/,
  );
  for (const name of ["2_palindrome_vary", "palindrome_vary", "4_small_palindrome_vary"]) {
    assert.equal(resolve({ task: { name } }).task.name, name);
  }
});

Deno.test("config: an error names where the value came from, and what was expected", () => {
  const bad: [object, RegExp][] = [
    [{ model: { hidden_size: "3" } }, /^test: model\.hidden_size: expected a number, got "3"$/],
    [
      { model: { hidden_size: 1.5 } },
      /^test: model\.hidden_size: expected a whole number, got 1\.5$/,
    ],
    [{ training: { seeds: [] } }, /^test: training\.seeds: expected a list of at least 1/],
    [{ training: { seeds: [1, -1] } }, /^test: training\.seeds: expected at least 0, got -1$/],
    [
      { task: { name: "text", values: 3 } },
      /task text has no setting "values" \(kv_unique, kv_reassign, kv_stream have it\)$/,
    ],
    [{ model: { symbols: 9 } }, /model ethereal has no setting "symbols" \(the task gives it\)$/],
    [{ model: 3 }, /^test: model: expected a group of settings, got 3$/],
    [{ updater: { name: 3 } }, /^test: updater\.name: expected a text, got 3$/],
    [{ updater: { constructor: 3 } }, /no setting "constructor"/],
  ];
  for (const [config, message] of bad) assert.throws(() => resolve(config), { message });
});

Deno.test("config: an error names the stored config that lacks a setting", () => {
  const { task, updater } = resolve({});
  const model = { name: "own.ts" };
  const config = z.strictObject({ hidden_size: z.number() });
  const entry: Model = { ...models.rnn!, config, fromTask: [] };
  const catalogue = new Catalogue({ model: { name: "own.ts", entry } });
  const bad: [object, RegExp][] = [
    [{ task: {}, model, updater }, /^a\.json: task\.name is missing$/],
    [{ task, model }, /^a\.json: updater\.name is missing$/],
    [
      { task, model, updater },
      /^a\.json: model\.hidden_size \(not given\): expected a number/,
    ],
  ];
  for (const [config, message] of bad) {
    const assignments = configAssignments(config, "a.json");
    assert.throws(() => resolveConfig(assignments, { source: "a.json", catalogue }), { message });
  }
});

Deno.test("config: a task chooses its preset, and a model where the task does not", () => {
  const named = (config: object) => {
    const { task, model, updater, training } = resolve(config);
    return [task.name, model.name, updater.name, updater.learning_rate, training.iterations];
  };
  const small = ["auto_associative", "plastic_rnn", "bptt", 0.01, 10_000];
  assert.deepEqual(named({ model: { name: "plastic_rnn" } }), small);
  assert.deepEqual(named({ task: { name: "pattern_completion" } }), small);
  assert.deepEqual(named({ task: { patterns: 2 } }), small);
  assert.deepEqual(named({ model: { name: "oja_rnn" } }), small.with(1, "oja_rnn"));
  assert.deepEqual(named({ updater: { name: "rtrl" }, model: { name: "plastic_rnn" } }), [
    ...small.slice(0, 2),
    "rtrl",
    ...small.slice(3),
  ]);
  const large = resolve({
    model: { name: "plastic_rnn" },
    task: { name: "auto_associative_1000" },
  });
  assert.deepEqual([large.model.autapse, large.training.iterations], [true, 1000]);
});

Deno.test("config: a batch holds the sequences that the task has in turns, unless it is given", () => {
  const batchOf = (...settings: string[]) =>
    resolveConfig(["model.name=attractor", ...settings].map(setAssignment)).config.training
      .batch_size;
  assert.equal(batchOf("task.memories=7"), 7);
  assert.equal(batchOf("task.memories=7", "training.batch_size=2"), 2);
  assert.equal(batchOf("training.sweep=task.memories=3,9"), 9);
  assert.equal(resolveConfig([]).config.training.batch_size, 1);
});

Deno.test("config: a number that float32 cannot hold is refused, in a sweep too", () => {
  const expected =
    /^UsageError: [^\n]+: expected 0, or a size of 1\.2e-38 to 3\.4e38 \(float32\), got [^\n]+$/;
  const refused = (...texts: string[]) =>
    assert.throws(() => resolveConfig(texts.map(setAssignment)), expected, texts.join(" "));
  for (const value of ["1e-46", "5e-324", "1e39", "1e-40"]) {
    refused(`updater.learning_rate=${value}`);
    // The reference computes in float64.
    const { updater } =
      resolveConfig([`updater.learning_rate=${value}`, "device.name=reference"].map(setAssignment))
        .config;
    assert.equal(updater.learning_rate, Number(value));
    refused("task.name=auto_associative", `task.input_gain=${value}`);
    refused("task.name=attractor", `model.initial_deviation=${value}`);
    const sweep = { "updater.learning_rate": [0.1, Number(value)] };
    assert.throws(() => resolve({ training: { sweep } }), expected, value);
  }
});
