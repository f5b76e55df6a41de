/** Inputs of a loss beside parameters, states and inputs of a model that are called the same. */
import assert from "node:assert/strict";
import { z } from "../deps/zod.ts";
import { defineLoss } from "../core/losses/define_loss.ts";
import { squaredError } from "../core/losses/regression.ts";
import { matrix, vector } from "../core/program/declaration.ts";
import { normal } from "../core/program/initializer.ts";
import { add, matvec, square, sub, sum, tanh } from "../core/program/language.ts";
import { defineModel } from "../core/program/model.ts";
import { checkGradient } from "../core/training/check_gradient.ts";
import type { Task } from "../core/training/task.ts";
import { bptt } from "./bptt.ts";

/** A network whose slots have names of the author's choice. */
const modelOf = (weight: string, target: string, state: string) =>
  defineModel({
    name: "named",
    config: z.strictObject({}),
    parameters: () => ({ [weight]: matrix(3, 2, normal(1)), [target]: matrix(2, 3, normal(1)) }),
    state: () => ({ [state]: vector(3) }),
    inputs: () => ({ x: [2] as const }),
    step(parameters, states, { x }) {
      const next = tanh(add(matvec(parameters[weight]!, x!), states[state]!));
      return { state: { [state]: next }, output: matvec(parameters[target]!, next) };
    },
  }).instantiate({});

const loss = squaredError([2]);
const task: Task = {
  ...{ name: "copy", summary: "", steps: 3, loss, output: [2], sizes: {}, score: "loss" },
  inputs: { x: [2], target: [2] },
  sequence: (random) => {
    const x = Float32Array.from({ length: 6 }, () => random.normal());
    return { x, target: x };
  },
};
const extents = { replicas: 1, sequences: 2, steps: 3 };

Deno.test("a parameter or a state may be called as an input of the loss", async () => {
  for (const [weight, target, state] of [["weight", "target", "h"], ["a", "weight", "target"]]) {
    const model = modelOf(weight!, target!, state!);
    const program = bptt.build({ model, loss, extents }, { learning_rate: 0.1 });
    assert.equal(program.slots.get("target/target")!.given, "target");
    for (const { parameter, error } of await checkGradient({ program, loss, task })) {
      assert.ok(error < 1e-6, `${parameter} of ${weight}, ${target}: ${error}`);
    }
  }
});

Deno.test("an input that model and loss read is one, and other programs name their inputs as ever", () => {
  const model = modelOf("w", "v", "h");
  const program = bptt.build({ model, loss, extents }, { learning_rate: 0.1 });
  const inputs = [...program.slots.values()].filter(({ kind }) => kind === "input");
  assert.deepEqual(inputs.map(({ name }) => name), ["x", "weight", "target"]);
  const likeInput = defineLoss({
    name: "autoencoder",
    inputs: { x: [2] },
    step: ({ output, targets: { x } }) => ({ loss: sum(square(sub(output, x))) }),
  });
  const { slots } = bptt.build({ model, loss: likeInput, extents }, { learning_rate: 0.1 });
  assert.deepEqual([...slots.keys()].filter((name) => /(^|\/)x$/.test(name)), ["x"]);
});

Deno.test("a model has no name that begins like those of a loss beside it", () => {
  const build = () =>
    bptt.build({ model: modelOf("w", "target/target", "h"), loss, extents }, {
      learning_rate: 0.1,
    });
  assert.throws(build, /the name "target\/target" belongs to the learning rules/);
});
