/** The sum of two numbers, by a dot product: with a large learning rate it diverges. */
import { z } from "../../../deps/zod.ts";
import { updaters } from "../../../updaters/mod.ts";
import type { Engine } from "../../backends/backend.ts";
import { cpuBackend } from "../../backends/cpu/cpu.ts";
import type { Loss } from "../../losses/loss.ts";
import { vector } from "../../program/declaration.ts";
import { normal } from "../../program/initializer.ts";
import { add, dot, filled, less, mul, square, sub } from "../../program/language.ts";
import { defineModel } from "../../program/model.ts";
import { sideBySide } from "../../program/side_by_side.ts";
import type { RandomStream } from "../../random.ts";
import type { Goal, Task } from "../task.ts";

/** Squared error. "Not large" would be a score that a number that is none has, too. */
export const loss: Loss = {
  name: "squared-error",
  inputs: { target: [] },
  step({ output, targets: { target } }) {
    const [error, one] = [square(sub(output, target!)), filled(output, 1, [])];
    const sums = { loss: error, steps: one, small: sub(1, less(0.1, error)) };
    return { loss: error, weight: one, sums };
  },
  metrics: { loss: ["loss", "steps"], small: ["small", "steps"] },
};

/** Draws two numbers a step; their sum is the target. */
export const taskWith = (goal?: Goal): Task => ({
  name: "line",
  summary: "The sum of two numbers",
  steps: 2,
  inputs: { x: [2], target: [] },
  loss,
  output: [],
  sizes: {},
  score: "small",
  chance: 0,
  bestLoss: 0,
  ...goal ? { goal } : {},
  sequence(random: RandomStream) {
    const x = new Float32Array(4);
    for (let index = 0; index < 4; index++) x[index] = 0.5 + random.uniform() / 2;
    return { x, target: Float32Array.of(x[0]! + x[1]!, x[2]! + x[3]!) };
  },
});

const model = defineModel({
  name: "line",
  config: z.strictObject({}),
  parameters: () => ({ w: vector(2, normal(0.1)), idle: vector(2, normal(0.1)) }),
  state: () => ({}),
  inputs: () => ({ x: [2] as const }),
  step: ({ w, idle }, _, { x }) => ({ state: {}, output: add(dot(w, x), mul(0, dot(idle, x))) }),
}).instantiate({});

/** An engine of as many replicas as rates. */
export async function engineFor(rates: readonly number[], chunk = 8): Promise<Engine> {
  const extents = { replicas: rates.length, sequences: 2, steps: 2 };
  const programs = rates.map((learning_rate) =>
    updaters["bptt"]!.build({ model, loss, extents }, { learning_rate, optimizer: "sgd" })
  );
  const program = sideBySide(programs[0]!, programs.map(({ initial }) => initial));
  return await cpuBackend({ threads: 1 }).prepare(program, { chunk });
}
