/** What a script can write with the public module and zod alone. */
import assert from "node:assert/strict";
import { z } from "./deps/zod.ts";
import {
  add,
  batchMean,
  concat,
  defineModel,
  defineTask,
  defineUpdater,
  filled,
  linear,
  type Loss,
  matrix,
  meanOf,
  mul,
  normal,
  openBackend,
  outer,
  perStepProgram,
  type SettingsSchema,
  slotOf,
  square,
  sub,
  sum,
  tanh,
  train,
  type Value,
  vector,
  vjp,
} from "./mod.ts";

/** Fails to compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;
const typesAreSame = <A, B>(..._proof: Same<A, B> extends true ? [] : ["types differ"]): void => {};

const squaredError: Loss = {
  name: "squared-error",
  inputs: { target: [] },
  step({ output, targets }) {
    const one = filled(output, 1, []);
    const loss = mul(0.5, sum(square(sub(output, targets["target"]!))));
    return { loss, weight: one, sums: { loss, steps: one } };
  },
  metrics: { loss: ["loss", "steps"] },
};

/** The sum of all numbers so far. */
const runningSum = defineTask({
  name: "running_sum",
  aliases: ["sum"],
  summary: "The sum of all numbers so far",
  config: z.strictObject({
    length: z.int().min(1).default(4).describe("Numbers in a sequence"),
    scale: z.number().positive().default(0.5).describe("Largest number"),
  }),
  small: { length: 2 },
  lengths: ["length"],
  build(config, facts) {
    typesAreSame<typeof config, { length: number; scale: number }>();
    const { length, scale } = config;
    return {
      ...facts,
      steps: length,
      inputs: { number: [], target: [] },
      loss: squaredError,
      output: [1],
      sizes: {},
      score: "loss",
      chance: 0,
      bestLoss: 0,
      sequence(random) {
        const number = Float32Array.from({ length }, () => scale * random.uniform());
        let sum = 0;
        return { number, target: number.map((next) => sum += next) };
      },
    };
  },
});

const recurrent = defineModel({
  name: "recurrent",
  config: z.strictObject({
    units: z.int().min(1).default(6),
    gain: z.number().optional(),
  }),
  small: { units: 3 },
  parameters(config) {
    typesAreSame<typeof config, { units: number; gain?: number | undefined }>();
    const { units } = config;
    return { w: matrix(units, units + 1, normal(0.3)), readout: matrix(1, units) };
  },
  state(config) {
    typesAreSame<typeof config["units"], number>();
    return { h: vector(config.units) };
  },
  inputs: () => ({ number: [] as const }),
  step(parameters, state, inputs, config) {
    typesAreSame<typeof parameters, { readonly w: Value; readonly readout: Value }>();
    typesAreSame<typeof state, { readonly h: Value }>();
    typesAreSame<typeof inputs, { readonly number: Value }>();
    typesAreSame<typeof config["units"], number>();
    const { w, readout } = parameters;
    const h = tanh(linear("inner", { weight: w, input: concat(inputs.number, state.h) }));
    return {
      state: { h },
      output: linear("readout", { weight: readout, input: h, role: "output" }),
    };
  },
});

/** The example of `updaters/updater.ts`. */
const delta = defineUpdater({
  name: "delta",
  summary: "The delta rule for the output layer, nothing else learns",
  config: z.strictObject({ learning_rate: z.number().positive().default(0.01) }),
  build(learning, config) {
    typesAreSame<typeof config, { learning_rate: number }>();
    return perStepProgram(learning, {
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
    });
  },
});

Deno.test("a model, a task, a loss and a learning rule of a script learn together", async () => {
  const task = runningSum.build({ length: 3 });
  const model = recurrent.instantiate({ units: 8 });
  const extents = { replicas: 1, sequences: 16, steps: task.steps };
  const program = delta.build({ model, loss: task.loss, extents }, { learning_rate: 0.2 });
  const { backend } = await openBackend({ device: "reference" });
  const engine = await backend.prepare(program);
  const losses: number[] = [];
  const { endReason } = await train({
    engine,
    task,
    loss: task.loss,
    seeds: [1],
    iterations: 60,
    logEvery: 20,
    hooks: { onRow: ({ values }) => void losses.push(meanOf(values["train/loss"]!)) },
  });
  engine.close();
  assert.equal(endReason, "completed");
  assert.equal(losses.length, 3);
  assert.ok(losses[2]! < losses[0]! / 2, losses.join(", "));
});

Deno.test("settings take defaults, and what the schema refuses is refused", () => {
  assert.deepEqual(recurrent.instantiate({}).config, { units: 6 });
  assert.throws(() => recurrent.instantiate({ units: 0 }), (error) => error instanceof z.ZodError);
  assert.throws(() => runningSum.build({ length: 0 }), /^TypeError: Task running_sum: length: /);
});

Deno.test("any schema with a typed parse will do", () => {
  const config: SettingsSchema<{ n: number }> = {
    parse(input) {
      const { n = 2 } = input as { n?: number };
      if (!(n > 0)) throw new RangeError("n: expected more than 0");
      return { n };
    },
  };
  const model = defineModel({
    name: "leaky",
    config,
    parameters: () => ({}),
    state: ({ n }) => ({ y: vector(n) }),
    inputs: ({ n }) => ({ x: [n] as const }),
    step: (_parameters, { y }, { x }) => {
      const next = add(mul(0.9, y), x);
      return { state: { y: next }, output: next };
    },
  });
  assert.deepEqual(model.instantiate({ n: 3 }).state["y"]!.shape, [3]);
  assert.throws(() => model.instantiate({ n: 0 }), /n: expected more than 0/);
});

Deno.test("names that settings do not have are type errors", () => {
  const config = z.strictObject({ symbols: z.int() });
  const rest = {
    name: "typed",
    config,
    parameters: () => ({}),
    state: () => ({}),
    inputs: () => ({ symbol: [] as const }),
    step: (_p: object, _h: object, { symbol }: { symbol: Value }) => ({
      state: {},
      output: symbol,
    }),
  };
  const model = defineModel({ ...rest, fromTask: ["symbols"] });
  assert.deepEqual(model.fromTask, ["symbols"]);
  // @ts-expect-error: no such setting
  assert.deepEqual(defineModel({ ...rest, fromTask: ["symbol"] }).fromTask, ["symbol"]);
  // @ts-expect-error: not a number
  assert.deepEqual(defineModel({ ...rest, small: { symbols: "two" } }).small, { symbols: "two" });
});
