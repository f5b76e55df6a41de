/**
 * The built-in models, updaters and tasks as typed values. This file is type-checked before it runs: a line
 * below `@ts-expect-error` that compiles is an error. What does not compile is refused when it runs as well.
 */
import assert from "node:assert/strict";
import * as hebb from "hebb";
import * as language from "hebb/language";
import * as optimizers from "hebb/optimizers";
import bpttAdamw from "../examples/own/bptt_adamw.ts";
import {
  adamW,
  bptt,
  continualScene,
  crossEntropy,
  defineModel,
  defineTask,
  defineUpdater,
  findModel,
  findUpdater,
  hybrid,
  matrix,
  models,
  palindromeVary,
  perStepProgram,
  resequence,
  rtrl,
  type SettingsOf,
  simpleRnn,
  tasks,
  updaters,
  vector,
  z,
} from "../mod.ts";

const task = palindromeVary.build();
const extents = { replicas: 1, sequences: 2, steps: task.steps };
const learning = {
  model: simpleRnn.instantiate({ ...task.sizes, hidden_size: 4 }),
  loss: crossEntropy,
  extents,
};
const refused = (run: () => unknown, says: RegExp) => assert.throws(run, says);

Deno.test("what is right compiles and runs", () => {
  const { model } = learning;
  assert.deepEqual(model.parameters["i2h/weight"]!.shape, [4, 4]);
  assert.equal(models.rnn.instantiate(task.sizes).name, "rnn");
  assert.equal(hybrid.instantiate({ hidden_dims: [4, 3] }).name, "hybrid");
  assert.equal(continualScene.build({ interval: 2, curriculum: false }).name, "continual_scene");
  assert.equal(tasks.palindrome_vary.numbered!.at([3]).name, "3_palindrome_vary");
  for (const updater of [updaters.bptt, bptt]) {
    assert.ok(updater.build(learning, { learning_rate: 0.01, optimizer: "adam" }).slots.size > 0);
  }
  assert.ok(updaters.dfa.build(learning).procedures.has("train"));
  const { slots } = bptt.build(learning, { optimizer: adamW({ decay: 0.1 }) });
  assert.ok(slots.has("adam/first/i2h/weight"));
  const single = { ...learning, extents: { ...extents, sequences: 1 } };
  assert.ok(rtrl.build(single, { optimizer: adamW() }).slots.has("adam/first/i2h/weight"));
});

Deno.test("a misspelt name does not compile", () => {
  // @ts-expect-error there is no such updater
  assert.equal(updaters.bpt, undefined);
  // @ts-expect-error there is no such model
  assert.equal(models.rrn, undefined);
  // @ts-expect-error there is no such task
  assert.equal(tasks.palindrom, undefined);
  refused(() => findUpdater("bpt"), /No updater is named "bpt"; updaters are dfa, backprop, bptt/);
  refused(() => findModel("rrn"), /No model is named "rrn"; models are ethereal, rnn/);
});

Deno.test("a misspelt option or one of another type does not compile", () => {
  // @ts-expect-error misspelt
  refused(() => bptt.build(learning, { learning_rat: 0.01 }), /learning_rat/);
  // @ts-expect-error a text instead of a number
  refused(() => bptt.build(learning, { learning_rate: "0.01" }), /learning_rate/);
  // @ts-expect-error no such optimizer
  refused(() => bptt.build(learning, { optimizer: "adm" }), /expected one of sgd, adam/);
  // @ts-expect-error no optimizer at all
  refused(() => bptt.build(learning, { optimizer: { rate: 1 } }), /expected one of sgd, adam/);
  // @ts-expect-error a setting of another updater
  refused(() => updaters.dfa.build(learning, { truncate: 2 }), /truncate/);
  // @ts-expect-error misspelt, beside the sizes of the task
  refused(() => simpleRnn.instantiate({ ...task.sizes, hiden_size: 4 }), /hiden_size/);
  // @ts-expect-error none of the choices
  refused(() => simpleRnn.instantiate({ symbols: 9, input_mode: "last" }), /input_mode/);
  // @ts-expect-error misspelt
  refused(() => resequence.build({ lenght: 5 }), /lenght/);
  // @ts-expect-error this task has no settings
  refused(() => palindromeVary.build({ length: 5 }), /length/);
});

const config = z.strictObject({ symbols: z.int(), units: z.int().default(4) });

Deno.test("settings of one's own keep their types, with defaults and sizes left out", () => {
  const own = defineModel({
    name: "own",
    config,
    fromTask: ["symbols"],
    parameters: ({ units, symbols }: SettingsOf<typeof config>) => ({ w: matrix(units, symbols) }),
    state: ({ units }) => ({ h: vector(units) }),
    inputs: () => ({ symbol: [] as const }),
    step: (_parameters, { h }) => ({ state: { h }, output: h }),
  });
  assert.deepEqual(own.instantiate({ ...task.sizes }).parameters["w"]!.shape, [4, 9]);
  assert.deepEqual(own.instantiate({ symbols: 3, units: 2 }).parameters["w"]!.shape, [2, 3]);
  // @ts-expect-error misspelt
  refused(() => own.instantiate({ ...task.sizes, unit: 2 }), /unit/);

  const rule = defineUpdater({
    name: "rule",
    config: z.strictObject({ rate: z.number().default(0.1) }),
    build: (learning, { rate }) =>
      perStepProgram(learning, {
        config: { learning_rate: rate },
        optimizer: adamW(),
        trains: () => false,
        gradients: () => new Map(),
      }),
  });
  assert.equal(rule.summary, "rule");
  assert.ok(rule.build(learning, { rate: 0.2 }).procedures.has("train"));
  // @ts-expect-error misspelt
  refused(() => rule.build(learning, { rates: 0.2 }), /rates/);

  const echo = defineTask({
    name: "echo",
    config: z.strictObject({ steps: z.int().default(3) }),
    build: ({ steps }, facts) => ({ ...task, ...facts, steps }),
  });
  assert.deepEqual([echo.summary, echo.aliases, echo.build().steps], ["echo", [], 3]);
  // @ts-expect-error misspelt
  refused(() => echo.build({ step: 3 }), /step/);
});

Deno.test("the score of a task is a metric of its loss", () => {
  const settings = z.strictObject({});
  const rest = { ...task, loss: crossEntropy };
  const build = () => ({ ...rest, score: "accuracy" } as const);
  assert.equal(defineTask({ name: "right", config: settings, build }).build().score, "accuracy");
  // @ts-expect-error misspelt metric
  defineTask({ name: "wrong", config: settings, build: () => ({ ...rest, score: "acuracy" }) });
});

Deno.test("an updater of one's own may be one of the table with another optimizer", () => {
  const { slots } = bpttAdamw.build(learning, { decay: 0.1, warm_up: 100 });
  assert.ok(slots.has("optimizer/iterations") && slots.has("adam/second/i2o/bias"));
});

Deno.test("the subpaths are parts of the module", () => {
  const all: Readonly<Record<string, unknown>> = hebb;
  for (const part of [language, optimizers]) {
    for (const [name, value] of Object.entries(part)) assert.equal(all[name], value, name);
  }
});

Deno.test("a model without settings needs no schema", () => {
  const plain = defineModel({
    name: "plain",
    parameters: () => ({ w: matrix(2, 2) }),
    state: () => ({ h: vector(2) }),
    inputs: () => ({}),
    step: (_parameters, { h }) => ({ state: { h }, output: h }),
  });
  assert.deepEqual(plain.instantiate().parameters["w"]!.shape, [2, 2]);
  assert.deepEqual([plain.summary, plain.fromTask], ["plain", []]);
  // @ts-expect-error it has none
  refused(() => plain.instantiate({ units: 2 }), /units/);
});
