import assert from "node:assert/strict";
import { defaultRunCap, parseSweepFile } from "./parse_sweep_file.ts";
import { choice, range } from "./testing/sweeps.ts";

const parse = (text: string, path = "sweep.yaml") => parseSweepFile(text, path);

/** The parameters of a random sweep. */
const parameters = async (text: string, method = "random") =>
  (await parse(`method: ${method}\nparameters: ${text}\n`)).parameters;

Deno.test("a sweep file as people publish them is read as it stands", async () => {
  const file = await parse(`
program: train.py
project: demo
entity: somebody
method: bayes
name: first sweep
metric:
  name: val_loss
  goal: minimize
parameters:
  learning_rate:
    distribution: log_uniform_values
    min: 1.0e-4
    max: 1.0e-1
  optimizer:
    values: [Adam, SGD]
  fc_layer_size:
    values: [32, 64, 128]
  dropout:
    values: [0.3, 0.4]
  epochs:
    value: 5
  batch-size:
    distribution: q_log_uniform_values
    q: 8
    min: 32
    max: 256
early_terminate:
  type: hyperband
  min_iter: 3
  eta: 2
run_cap: 40
command:
  - \${env}
  - python
  - \${program}
  - \${args}
`);
  assert.equal(file.method, "bayes");
  assert.equal(file.name, "first sweep");
  assert.deepEqual(file.metric, { name: "eval/loss", goal: "minimize" });
  assert.equal(file.runCap, 40);
  assert.deepEqual(file.earlyTermination?.rungs.slice(0, 4), [3, 6, 12, 24]);
  assert.deepEqual(file.parameters.map(({ name, path }) => [name, path]), [
    ["learning_rate", "updater.learning_rate"],
    ["optimizer", "updater.optimizer"],
    ["fc_layer_size", "model.hidden_size"],
    ["batch-size", "training.batch_size"],
  ]);
  assert.deepEqual(file.parameters[1]!.domain, choice("", "adam", "sgd").domain);
  assert.deepEqual(file.notes, [
    "program, command, entity, project: how W&B runs a program, and nothing here",
    "fc_layer_size is model.hidden_size, batch-size is training.batch_size here",
    "dropout: left out, no model drops units",
    "epochs: left out, tasks draw sequences without end, training.iterations says how long",
    "metric val_loss is eval/loss here",
  ]);
});

Deno.test("JSON files mean the same as YAML files", async () => {
  const json = '{"method": "random", "parameters": {"lr": {"min": 0.0, "max": 1.0}}, "run_cap": 3}';
  const yaml = "method: random\nparameters:\n  lr:\n    min: 0.0\n    max: 1.0\nrun_cap: 3\n";
  assert.deepEqual(await parse(json, "sweep.json"), await parse(yaml));
});

Deno.test("a parameter without a distribution has the one that W&B gives it", async () => {
  const domain = async (text: string) => (await parameters(`{ momentum: ${text} }`))[0]!.domain;
  assert.deepEqual(await domain("{ value: 0.9 }"), choice("", 0.9).domain);
  assert.deepEqual(await domain("{ values: [0.1, 0.9] }"), choice("", 0.1, 0.9).domain);
  assert.deepEqual(
    await domain("{ min: 0.0, max: 0.9 }"),
    range("", "uniform", { min: 0, max: 0.9 }).domain,
  );
  // Written with a point, both ends are no whole numbers, though they are equal to some.
  assert.deepEqual(
    await domain("{ min: 0.0, max: 0.90e+0 }"),
    range("", "uniform", { min: 0, max: 0.9 }).domain,
  );
  const [size] = await parameters("{ hidden_size: { min: 8, max: 64 } }");
  assert.deepEqual(size!.domain, range("", "int_uniform", { min: 8, max: 64 }).domain);
  assert.deepEqual(await domain("{ values: [0.1, 0.9], probabilities: [0.25, 0.75] }"), {
    kind: "choice",
    values: [0.1, 0.9],
    probabilities: [0.25, 0.75],
  });
});

Deno.test("numbers of distributions have W&B's defaults", async () => {
  const [momentum] = await parameters("{ momentum: { distribution: beta } }");
  assert.deepEqual(momentum!.domain, range("", "beta", { a: 1, b: 1 }).domain);
  const [layers] = await parameters(
    "{ num_layers: { distribution: q_uniform, min: 1, max: 4 } }",
  );
  assert.deepEqual(layers!.domain, range("", "q_uniform", { min: 1, max: 4, q: 1 }).domain);
});

Deno.test("a value that is given twice is one, twice as probable; a grid has it once", async () => {
  const text = "{ num_layers: { values: [1, 2, 2] } }";
  const [random] = await parameters(text);
  assert.deepEqual(random!.domain, {
    kind: "choice",
    values: [1, 2],
    probabilities: [1 / 3, 2 / 3],
  });
  const [grid] = await parameters(text, "grid");
  assert.deepEqual(grid!.domain, choice("", 1, 2).domain);
});

Deno.test("a grid lists the steps of a range", async () => {
  const list = await parameters(
    "{ num_layers: { min: 1, max: 3 }, momentum: { distribution: q_uniform, q: 0.25, min: 0, max: 0.5 } }",
    "grid",
  );
  assert.deepEqual(list.map(({ domain }) => domain), [
    choice("", 1, 2, 3).domain,
    choice("", 0, 0.25, 0.5).domain,
  ]);
});

Deno.test("names of parameters: paths, keys, nested groups, names of others", async () => {
  const list = await parameters(`
  updater:
    parameters:
      learning_rate: { value: 0.1 }
      optimizer: { value: adam }
  model.name: { values: [rnn, ephemeral] }
  trainer.batch_size: { value: 4 }
  n_layers: { value: 2 }
  plasticity: { value: 7 }
  task: { value: long_range_memory }
  max_steps: { value: 100 }`);
  assert.deepEqual(list.map(({ path }) => path), [
    ...["updater.learning_rate", "updater.optimizer", "model.name", "training.batch_size"],
    ...["model.num_layers", "model.plasticity", "task.name", "training.iterations"],
  ]);
});

Deno.test("a parameter named seed gives the seeds of each point, and is no dimension", async () => {
  const file = await parse(
    "method: grid\nparameters: { seed: { values: [1, 2, 3] }, lr: { values: [0.1] } }",
  );
  assert.deepEqual(file.seeds, [1, 2, 3]);
  assert.equal(file.parameters.length, 1);
});

Deno.test("a seed that is drawn is left out, as are names that nothing here is like", async () => {
  const file = await parse(
    "method: random\nrun_cap: 2\nparameters: { seed: { min: 1, max: 9 }, LR: { min: !!float 1e-5, max: 0.1 }, " +
      "DROPOUT: { min: 0.0, max: 0.5 }, encoder_dropout: { value: 0 }, num_epochs: { min: 1, max: 9 } }",
  );
  assert.deepEqual(file.parameters.map(({ path }) => path), ["updater.learning_rate"]);
  assert.equal(file.seeds, undefined);
  assert.deepEqual(file.notes.slice(1), [
    "seed: left out, each point has the same seeds",
    "DROPOUT, encoder_dropout: left out, no model drops units",
    "num_epochs: left out, tasks draw sequences without end, training.iterations says how long",
  ]);
});

Deno.test("names of metrics are ours where they are known", async () => {
  const cases = {
    ...{ val_loss: "eval/loss", validation_loss: "eval/loss", "val/loss": "eval/loss" },
    ...{ val_acc: "eval/accuracy", test_accuracy: "eval/accuracy", "valid/acc": "eval/accuracy" },
    ...{ train_loss: "train/loss", "eval/recall_accuracy": "eval/recall_accuracy" },
    ...{ best_val_loss: "eval/loss", val_acc_epoch: "eval/accuracy", train_acc: "train/accuracy" },
    ...{ loss: "loss", acc: "accuracy", "plastic/gradient_norm": "plastic/gradient_norm" },
    ...{ validity: "validity", trainability: "trainability" },
  };
  for (const [name, ours] of Object.entries(cases)) {
    const { metric } = await parse(
      `method: grid\nmetric: { name: ${name}, goal: minimize }\nparameters: { lr: { value: 1 } }`,
    );
    assert.equal(metric!.name, ours, name);
  }
});

Deno.test("what a file leaves out is said", async () => {
  const { runCap, metric, notes } = await parse(
    "method: random\nmetric: { name: loss }\nparameters: { lr: { min: 0.1, max: 0.2 } }",
  );
  assert.equal(runCap, defaultRunCap);
  assert.equal(metric!.goal, "minimize");
  assert.equal(notes.filter((note) => /is not given/.test(note)).length, 2);
  const idle = await parse(
    "method: grid\nmetric: { name: loss, goal: minimize, impute: worst }\n" +
      "parameters: { momentum: { value: 0.5 } }\n" +
      "early_terminate: { type: hyperband, min_iter: 1, strict: true }",
  );
  assert.deepEqual(idle.notes, ["metric.impute, early_terminate.strict: nothing here"]);
  const grid = await parse("method: grid\nparameters: { lr: { values: [0.1] } }");
  assert.deepEqual([grid.runCap, grid.notes], [undefined, ["lr is updater.learning_rate here"]]);
});

Deno.test("early_terminate in all its forms", async () => {
  const rungs = async (text: string) =>
    (await parse(
      `method: random\nmetric: { name: loss, goal: minimize }\n` +
        `parameters: { lr: { value: 1 } }\nearly_terminate: { type: hyperband, ${text} }`,
    )).earlyTermination!.rungs;
  assert.deepEqual(await rungs("min_iter: 2, max_iter: 20"), [2, 6, 18]);
  assert.deepEqual(await rungs("s: 2, eta: 3, max_iter: 27"), [3, 9]);
  assert.deepEqual(await rungs("s: 5, eta: 3, max_iter: 27, min_iter: 3"), [3, 9]);
  assert.deepEqual((await rungs("min_iter: 5, strict: true")).slice(0, 3), [5, 15, 45]);
  assert.deepEqual((await rungs("min_iter: 1, eta: 1.5")).slice(0, 4), [1, 2, 3, 5]);
});

Deno.test("what is wrong is one line that names file, key, line and what was expected", async () => {
  const cases: [text: string, expected: RegExp][] = [
    ["method: [", /^sweep sweep.yaml: .*\(line 1\)$/],
    ["- 1", /^sweep sweep.yaml: expected a sweep/],
    [
      "parameters: { lr: { value: 1 } }",
      /^sweep sweep.yaml: method: expected one of grid, random, bayes, which is missing$/,
    ],
    [
      "method: custom\nparameters: {}",
      /method \(line 1\): expected one of grid, random, bayes, got "custom"$/,
    ],
    ["method: grid", /parameters: expected a group of parameters, which is missing$/],
    [
      "method: grid\nparamters: {}",
      /paramters \(line 2\): a sweep has no such key \(did you mean parameters\?\)$/,
    ],
    ["method: grid\nparameters:\n  lr: 0.1", /parameters.lr \(line 3\): expected a group such as/],
    [
      "method: grid\nparameters:\n  learning_rat:\n    value: 1",
      /parameters.learning_rat \(line 3\): no setting is named "learning_rat" \(did you mean learning_rate\?\)$/,
    ],
    [
      "method: grid\nparameters:\n  lr: {valus: [1]}",
      /parameters.lr \(line 3\): expected value, values, min and max/,
    ],
    [
      "method: grid\nparameters:\n  lr: {value: 1, q: 2}",
      /parameters.lr.q \(line 3\): no such key here; they are/,
    ],
    [
      "method: random\nparameters:\n  lr:\n    min: 1.5\n    max: 1.0",
      /parameters.lr.max \(line 5\): expected more than min, which is 1.5, got 1$/,
    ],
    [
      "method: random\nparameters:\n  lr: {distribution: log_uniform_values, min: 0, max: 1}",
      /parameters.lr.min \(line 3\): expected more than 0, got 0$/,
    ],
    [
      "method: random\nparameters:\n  lr: {distribution: log_unifrm, min: 0, max: 1}",
      /parameters.lr.distribution \(line 3\): no distribution is named "log_unifrm" \(did you mean log_uniform\?\)/,
    ],
    [
      "method: random\nparameters:\n  lr: {distribution: uniform, min: 0}",
      /parameters.lr \(line 3\): uniform needs max$/,
    ],
    [
      "method: random\nparameters:\n  lr: {distribution: uniform, min: 0, max: high}",
      /parameters.lr.max \(line 3\): expected a finite number, got "high"$/,
    ],
    [
      "method: random\nparameters:\n  lr: {values: [1, 2], probabilities: [1]}",
      /parameters.lr.probabilities \(line 3\): expected 2 numbers of at least 0, got \[1\]$/,
    ],
    [
      "method: random\nparameters:\n  lr: {values: [1, 2], probabilities: [1, 1]}",
      /expected a sum of 1, got 2$/,
    ],
    [
      "method: grid\nparameters:\n  lr: {min: 0.1, max: 0.2}",
      /parameters.lr \(line 3\): method grid needs values/,
    ],
    [
      "method: grid\nparameters:\n  hidden_size: {values: [8, 1.5]}",
      /parameters.hidden_size \(line 3\): model.hidden_size: expected a whole number, got 1.5$/,
    ],
    [
      "method: random\nparameters:\n  hidden_size: {min: 8.5, max: 99.5}",
      /parameters.hidden_size \(line 3\): model.hidden_size: expected a whole number, got 8.591, which uniform draws$/,
    ],
    [
      "method: grid\nparameters:\n  model: {values: [rnn, ethreal]}",
      /parameters.model \(line 3\): model.name: no model is named "ethreal" \(did you mean ethereal\?\)$/,
    ],
    [
      "method: grid\nparameters:\n  lr: {value: 1}\n  learning_rate: {value: 2}",
      /parameters.learning_rate \(line 4\): it means updater.learning_rate, as "lr" does$/,
    ],
    [
      "method: bayes\nparameters:\n  lr: {value: 1}",
      /metric: expected a name and a goal, method bayes needs them$/,
    ],
    [
      "method: bayes\nmetric: {name: loss, gaol: minimize}\nparameters:\n  lr: {value: 1}",
      /metric.gaol \(line 2\): there is no such key here$/,
    ],
    [
      "method: grid\nmetric: {name: loss, goal: min}\nparameters:\n  lr: {value: 1}",
      /metric.goal \(line 2\): expected one of minimize, maximize, got "min"$/,
    ],
    [
      "method: grid\nmetric: {name: loss}\nparameters: {lr: {value: 1}}\nearly_terminate: {type: hyperband}",
      /early_terminate \(line 4\): expected min_iter, or s and a max_iter of at least eta$/,
    ],
    [
      "method: grid\nrun_cap: 0\nparameters: {lr: {value: 1}}",
      /run_cap \(line 2\): expected at least 1, got 0$/,
    ],
    [
      "method: grid\nparameters: {seed: {values: [-1]}}",
      /parameters.seed \(line 2\): expected seeds as a list/,
    ],
  ];
  for (const [text, expected] of cases) {
    await assert.rejects(parse(text), ({ name, message }: Error) => {
      assert.equal(name, "UsageError");
      assert.match(message, expected);
      assert.ok(!message.includes("\n"));
      return true;
    });
  }
  await assert.rejects(parse("{}", "sweep.txt"), /expected a file ending in/);
});
