/** What every learning rule promises to a model it does not know. */
import assert from "node:assert/strict";
import { openBackend } from "../core/backends/open_backend.ts";
import { initialValues } from "../core/backends/initial_values.ts";
import { referenceBackend } from "../core/backends/reference/reference.ts";
import { binaryCrossEntropy } from "../core/losses/binary_cross_entropy.ts";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import { matrix, scalar, vector } from "../core/program/declaration.ts";
import { normal } from "../core/program/initializer.ts";
import { vjp } from "../core/autodiff/vjp.ts";
import {
  add,
  batchMean,
  concat,
  filled,
  matvec,
  oneHot,
  outer,
  sum,
  tanh,
} from "../core/program/language.ts";
import { linear } from "../core/program/linear.ts";
import { defineModel, type ModelInstance } from "../core/program/model.ts";
import type { Program } from "../core/program/program.ts";
import { assertNear } from "../core/testing/relative_rms.ts";
import { writeStart } from "../core/testing/twin.ts";
import { checkGradient } from "../core/training/check_gradient.ts";
import { train } from "../core/training/train.ts";
import { findTask } from "../tasks/mod.ts";
import { z } from "../deps/zod.ts";
import { slotOf } from "./layers.ts";
import { findUpdater, updaters } from "./mod.ts";
import { perStepProgram } from "./per_step.ts";
import { CannotTrain, defineUpdater } from "./updater.ts";

const task = findTask("palindrome").build();
const extents = { replicas: 1, sequences: 2, steps: task.steps };
const loss = crossEntropy;
const units = 5;

/** A recurrent network with one layer, written with or without `linear`, and an output of any size. */
function network(
  {
    layers = true,
    outputs = task.sizes["symbols"]!,
    tied = false,
    extra = {},
    diagonal,
    trained = true,
  }: {
    layers?: boolean;
    outputs?: number;
    tied?: boolean;
    extra?: Record<string, ReturnType<typeof scalar>>;
    diagonal?: number;
    /** Whether `w` is trained. */
    trained?: boolean;
  } = {},
): ModelInstance {
  return defineModel({
    name: "contract",
    config: z.strictObject({}),
    parameters: () => ({
      w: matrix(units, units + task.sizes["symbols"]!, normal(0.4), { trained }),
      u: matrix(units, units, normal(0.4), { diagonal }),
      out: matrix(outputs, units, normal(0.4)),
      ...extra,
    }),
    state: () => ({ h: vector(units) }),
    inputs: () => ({ symbol: [] as const }),
    step({ w, u, out }, { h }, { symbol }) {
      const input = concat(oneHot(symbol, task.sizes["symbols"]!), h);
      const inner = layers ? linear("inner", { weight: w, input }) : matvec(w, input);
      const next = tanh(add(inner, matvec(u, h)));
      if (tied) {
        const again = linear("again", {
          weight: w,
          input: concat(oneHot(symbol, task.sizes["symbols"]!), next),
        });
        return {
          state: { h: tanh(again) },
          output: linear("out", { weight: out, input: next, role: "output" }),
        };
      }
      const output = layers
        ? linear("out", { weight: out, input: next, role: "output" })
        : matvec(out, next);
      return { state: { h: next }, output };
    },
  }).instantiate({});
}

Deno.test("dfa trains layers whatever their parameters are called", async () => {
  const program = updaters.dfa.build({ model: network(), loss, extents }, {
    learning_rate: 0.1,
  });
  const engine = await referenceBackend().prepare(program);
  await train({ engine, task, loss, seeds: [1], iterations: 3 });
  for (const name of ["w", "out"]) {
    const after = (await engine.read([name])).get(name)!;
    assert.notDeepEqual(Array.from(after), Array.from(initialValues(program, name, [1])), name);
  }
});

const settingsOf: Readonly<Record<string, readonly object[]>> = {
  backprop: [{}, { optimizer: "adamw" }],
  bptt: [{}, { optimizer: "adamw" }],
};
for (const [name, updater] of Object.entries(updaters)) {
  Deno.test(`${name}: a constant stays as it was drawn, in a layer too`, async () => {
    const one = { ...extents, sequences: 1 };
    for (const settings of settingsOf[name] ?? [{}]) {
      const learning = { model: network({ trained: false }), loss, extents: one };
      const program = updater.build(learning, { learning_rate: 0.1, ...settings });
      const engine = await referenceBackend().prepare(program);
      await train({ engine, task, loss, seeds: [1], iterations: 3 });
      const after = await engine.read(["w", "out"]);
      engine.close();
      const first = (slot: string) => initialValues(program, slot, [1]);
      assert.deepEqual(Float32Array.from(after.get("w")!), first("w"));
      assert.notDeepEqual(Float32Array.from(after.get("out")!), first("out"));
    }
  });
}

/** The example of `updater.ts`. */
const delta = defineUpdater({
  name: "delta",
  summary: "The delta rule for the output layer, nothing else learns",
  config: z.strictObject({ learning_rate: z.number().positive().default(0.01) }),
  build: (learning, config) =>
    perStepProgram(learning, {
      config,
      optimizer: "sgd",
      trains: ({ role }) => role === "output",
      gradients({ loss, output, layers: traced }, { layers }) {
        const seed = { value: loss, cotangent: filled(loss, 1, []) };
        const error = vjp([seed], [output]).get(output)!.perSequence!;
        const index = layers.findIndex(({ role }) => role === "output");
        const gradient = batchMean(outer(error, traced[index]!.input));
        return new Map([[slotOf(layers[index]!.weight), gradient]]);
      },
    }),
});

Deno.test("a rule of a few lines: the delta rule follows the gradient of the output layer", async () => {
  const learning = { model: network(), loss, extents: { ...extents, steps: 1 } };
  // Of one step, the output layer's part of the exact gradient.
  const program = updaters.bptt.build(learning, { learning_rate: 0.1 });
  const changeOf = async (rule: Program) => {
    const engine = await referenceBackend().prepare(rule);
    writeStart(engine, { seeds: [1], symbols: task.sizes["symbols"]! });
    await engine.run("train", { iterations: 1 });
    const read = await engine.read(["w", "u", "out"]);
    engine.close();
    return read;
  };
  const built = delta.build(learning, { learning_rate: 0.1 });
  assert.deepEqual([...built.procedures.keys()].sort(), ["evaluate", "measure", "train"]);
  const [found, exact] = [await changeOf(built), await changeOf(program)];
  assertNear(found.get("out")!, exact.get("out")!, { bound: 1e-12, what: "out" });
  for (const name of ["w", "u"]) {
    const first = initialValues(built, name, [1]);
    assert.deepEqual(Float32Array.from(found.get(name)!), first, `${name} is not trained`);
  }
  assert.notDeepEqual(Float32Array.from(exact.get("w")!), initialValues(built, "w", [1]));
});

Deno.test("dfa refuses a model without layers instead of training nothing", () => {
  const learning = { model: network({ layers: false }), loss, extents };
  assert.throws(
    () => updaters.dfa.build(learning, {}),
    /made with linear\(\); model contract has none/,
  );
});

Deno.test("dfa refuses an output that is no vector", () => {
  const model = defineModel({
    name: "one logit",
    config: z.strictObject({}),
    parameters: () => ({ w: matrix(1, 2, normal(1)) }),
    state: () => ({}),
    inputs: () => ({ x: [2] as const }),
    step: ({ w }, _state, { x }) => ({
      state: {},
      output: sum(linear("out", { weight: w, input: x, role: "output" })),
    }),
  }).instantiate({});
  const learning = { model, loss: binaryCrossEntropy, extents };
  assert.throws(
    () => updaters["dfa"]!.build(learning, {}),
    (error: Error) =>
      error instanceof CannotTrain &&
      /^dfa sends back the error of a vector .*; model one logit puts out a scalar$/
        .test(error.message),
  );
});

Deno.test("dfa adds up what layers that share a weight ask for", async () => {
  const changeOf = async (tied: boolean) => {
    const program = updaters.dfa.build({ model: network({ tied }), loss, extents }, {
      learning_rate: 1,
    });
    assert.ok(program.slots.has("feedback/inner"));
    const engine = await referenceBackend().prepare(program);
    await train({ engine, task, loss, seeds: [1], iterations: 1 });
    return (await engine.read(["w"])).get("w")!;
  };
  assert.notDeepEqual(await changeOf(true), await changeOf(false));
});

Deno.test("a model may not use the names of the learning rules", () => {
  for (const name of ["learning_rate", "count/loss", "adam/first/w"]) {
    const learning = { model: network({ extra: { [name]: scalar(1) } }), loss, extents };
    assert.throws(() => updaters.bptt.build(learning, {}), /belongs to the learning rules/);
  }
});

Deno.test("a loss that reads what the model does not name is refused", () => {
  const picky = { ...loss, reads: { state: ["h", "retention"] } };
  for (const name of ["backprop", "bptt", "dfa", "rtrl"]) {
    const learning = { model: network(), loss: picky, extents: { ...extents, sequences: 1 } };
    assert.throws(() => findUpdater(name).build(learning, {}), {
      name: "CodeError",
      message: /^Loss cross-entropy of model \S+: expected the state "retention", got h$/,
    });
  }
});

Deno.test("fast weights that no plastic layer uses are refused", () => {
  const model = defineModel({
    name: "loose",
    config: z.strictObject({}),
    parameters: () => ({
      f: matrix(task.sizes["symbols"]!, task.sizes["symbols"]!, normal(0.1), { fast: true }),
    }),
    state: () => ({}),
    inputs: () => ({ symbol: [] as const }),
    step: ({ f }, _state, { symbol }) => ({
      state: {},
      output: matvec(f, oneHot(symbol, task.sizes["symbols"]!)),
    }),
  }).instantiate({});
  assert.throws(
    () => updaters.bptt.build({ model, loss, extents }, { optimizer: "adam" }),
    /"f" is fast/,
  );
});

Deno.test("train refuses an output that the task cannot judge", async () => {
  const program = updaters.bptt.build({ model: network({ outputs: 5 }), loss, extents }, {});
  const engine = await referenceBackend().prepare(program);
  await assert.rejects(
    train({ engine, task, loss, seeds: [1], iterations: 1 }),
    /judges outputs of shape \[9\], the model's is \[5\]/,
  );
});

Deno.test("checkGradient: replicas and fixed diagonals", async () => {
  const model = network({ diagonal: 0 });
  const three = { ...extents, replicas: 3 };
  const program = updaters.bptt.build({ model, loss, extents: three }, { learning_rate: 1 });
  for (const { parameter, error } of await checkGradient({ program, loss, task, samples: 40 })) {
    assert.ok(error < 1e-7, `${parameter}: ${error}`);
  }
});

Deno.test("checkGradient refuses a program that does not follow the exact gradient", async () => {
  for (
    const [rule, config] of [["dfa", {}], ["backprop", {}], ["bptt", {
      optimizer: "adam",
    }]] as const
  ) {
    const program = findUpdater(rule).build({ model: network(), loss, extents }, config);
    await assert.rejects(
      checkGradient({ program, loss, task }),
      /expected a bptt program with plain sgd/,
    );
  }
});

Deno.test("an unknown device is refused, not replaced", async () => {
  await assert.rejects(
    openBackend({ device: "cpux" as "cpu" }),
    /No device "cpux"; expected one of/,
  );
});

Deno.test("numbers that overflow end a run as diverged", async () => {
  const program = updaters.dfa.build({ model: network(), loss, extents }, {
    learning_rate: 1e38,
  });
  const engine = await (await openBackend({ device: "cpu", threads: 1 })).backend.prepare(program);
  const { endReason } = await train({ engine, task, loss, seeds: [1], iterations: 20 });
  assert.equal(endReason, "diverged");
  engine.close();
});

Deno.test("dfa: the derivative of an activation function that a layer does not say is refused", () => {
  const build = (activation_derivative: boolean) =>
    updaters.dfa.build({ model: network(), loss, extents }, { activation_derivative });
  assert.throws(
    () => build(true),
    (error) =>
      error instanceof CannotTrain &&
      /^activation_derivative: layer "inner" does not say its activation function, as in linear\("inner"/
        .test(error.message),
  );
  assert.ok(build(false));
});
