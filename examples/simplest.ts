/**
 * The whole idea in one page: a recurrent network with a Hebbian trace learns, through time, how
 * plastic each connection should be (Miconi, Clune and Stanley, 2018).
 *
 *   deno run --allow-read --allow-env examples/simplest.ts
 */
import { z } from "zod";
import { add, lerp, matvec, mul, oneHot, outer, tanh } from "../mod.ts";
import { defineModel, matrix, normal, scalar, uniform, vector } from "../mod.ts";
import { crossEntropy, findTask, openBackend, train, updaters } from "../mod.ts";

// 1. A model is one step: from parameters, state and input to the next state and an output.
const plasticRnn = defineModel({
  name: "plastic-rnn",
  config: z.strictObject({ symbols: z.int(), units: z.int().min(1).default(32) }),
  fromTask: ["symbols"],
  parameters: ({ symbols, units }) => ({
    input: matrix(units, symbols, normal(0.5)),
    w: matrix(units, units, normal(1 / Math.sqrt(units))),
    alpha: matrix(units, units, uniform(0, 0.1), { diagonal: 0 }),
    eta: scalar(0.8),
    readout: matrix(symbols, units, normal(0.2)),
  }),
  state: ({ units }) => ({ y: vector(units), previous: vector(units), hebb: matrix(units, units) }),
  inputs: () => ({ symbol: [] as const }),
  step({ input, w, alpha, eta, readout }, { y, previous, hebb }, { symbol }, { symbols }) {
    const trace = lerp(outer(y, previous), hebb, eta); // eta hebb + (1 - eta) post ⊗ pre
    const recurrent = matvec(add(w, mul(alpha, trace)), y);
    const next = tanh(add(recurrent, matvec(input, oneHot(symbol, symbols))));
    return { state: { y: next, previous: y, hebb: trace }, output: matvec(readout, next) };
  },
});

// 2. A learning rule turns the model and a loss into a program: gradients are derived, not written.
const task = findTask("palindrome_vary").build();
const extents = { replicas: 2, sequences: 16, steps: task.steps };
const model = plasticRnn.instantiate(task.sizes);
const learning = { model, loss: crossEntropy, extents };
const program = updaters.bptt.build(learning, { learning_rate: 0.01, optimizer: "adam" });

// 3. A backend turns the program into kernels: WGSL on a GPU, WebAssembly SIMD on a CPU.
const { backend, reason } = await openBackend();
console.log(reason);
const engine = await backend.prepare(program, { chunk: 64 });
console.log("memory in bytes:", Object.fromEntries(engine.memory));

// 4. Two replicas, one per seed, train side by side.
const { metrics } = await train({
  engine,
  task,
  loss: crossEntropy,
  seeds: [1, 2],
  iterations: 500,
  logEvery: 100,
  evaluationSequences: 320,
  hooks: { onRow: ({ iteration, values }) => console.log(iteration, values["eval/loss"]) },
});
console.log("recall accuracy of each replica:", metrics["eval/recall_accuracy"]);
console.log("lowest loss possible:", task.bestLoss);
engine.close();
backend.close();
