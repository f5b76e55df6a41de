/** What every model of the table declares about itself is what it has. */
import assert from "node:assert/strict";
import { describeInput } from "../core/program/input.ts";
import { createProgram } from "../core/program/program.ts";
import { tasks } from "../tasks/mod.ts";
import { forwardProgram } from "../updaters/forward_only.ts";
import { models } from "./mod.ts";

const built = Object.values(tasks).map(({ build }) => build());

for (const [name, model] of Object.entries(models)) {
  const task = built.find(({ sizes, inputs }) => {
    if (!model.fromTask.every((key) => Object.hasOwn(sizes, key))) return false;
    const read = Object.keys(model.instantiate(sizes).inputs);
    return read.every((input) => Object.hasOwn(inputs, input));
  });

  Deno.test(`${name}: reads what some task makes, and its output is judged`, () => {
    assert.ok(task, "no task makes what it reads");
    const instance = model.instantiate(task.sizes);
    const extents = { replicas: 1, sequences: 1, steps: 2 };
    const { output } = forwardProgram({ model: instance, loss: task.loss, extents });
    assert.deepEqual(output, task.output);
  });

  Deno.test(`${name}: has the features that it declares, and no others`, () => {
    const instance = model.instantiate(task!.sizes);
    const builder = createProgram({ replicas: 1, sequences: 1, steps: 2 });
    const { parameters, state, inputs } = instance;
    for (const [name, declaration] of Object.entries(parameters)) {
      builder.declare(name, declaration);
    }
    for (const [name, { shape }] of Object.entries(state)) {
      builder.slot(name, { kind: "state", shape, hasBatchAxis: true });
    }
    for (const [name, declaration] of Object.entries(inputs)) {
      const { shape } = describeInput(declaration);
      builder.slot(name, { kind: "input", shape, hasBatchAxis: true });
    }
    const found = new Set<string>();
    if (Object.values(parameters).some(({ fast }) => fast)) found.add("fastWeights");
    builder.stage("evaluate", { name: "step", loop: "forward" }, (stage) => {
      const { layers } = instance.trace(stage);
      if (layers.some(({ role }) => role === "selfGradient")) found.add("selfGradient");
    });
    assert.deepEqual([...found].sort(), [...model.features].sort());
  });
}
