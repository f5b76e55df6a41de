/**
 * A plasticity rule of your own in one file: Oja's rule (Oja, 1982). Its rate and the slow weights are
 * learned by back-propagation through time.
 *
 *   deno run --allow-read --allow-env examples/custom_rule.ts [auto, gpu, cpu or reference]
 */
import { z } from "zod";
import { add, column, concat, matvec, mul, oneHot, outer, square, sub, tanh } from "../mod.ts";
import { defineModel, matrix, normal, scalar, vector } from "../mod.ts";
import { checkGradient, crossEntropy, findTask, meanOf, openBackend, train } from "../mod.ts";
import { updaters } from "../mod.ts";
import type { DeviceChoice } from "../mod.ts";

// 1. The model: one step, from parameters, state and input to the next state and an output.
const oja = defineModel({
  name: "oja",
  config: z.strictObject({ symbols: z.int(), units: z.int().min(1).default(24) }),
  fromTask: ["symbols"],
  parameters: ({ symbols, units }) => ({
    w: matrix(units, symbols + units, normal(0.3)),
    eta: scalar(0.1),
    readout: matrix(symbols, units, normal(0.3)),
  }),
  state: ({ symbols, units }) => ({ y: vector(units), trace: matrix(units, symbols + units) }),
  inputs: () => ({ symbol: [] as const }),
  step({ w, eta, readout }, { y, trace }, { symbol }, { symbols }) {
    const pre = concat(oneHot(symbol, symbols), y);
    const post = tanh(matvec(add(w, trace), pre));
    // Hebb's term, and the decay that keeps the trace in bounds: post ⊗ pre - post² ∘ trace
    const change = sub(outer(post, pre), mul(column(square(post)), trace));
    return {
      state: { y: post, trace: add(trace, mul(eta, change)) },
      output: matvec(readout, post),
    };
  },
});

export default oja;

async function main(deviceName: string): Promise<void> {
  const task = findTask("palindrome_vary").build();
  const extents = { replicas: 1, sequences: 8, steps: task.steps };
  const learning = { model: oja.instantiate(task.sizes), loss: crossEntropy, extents };

  // 2. The derived gradient agrees with central differences of the loss, in float64.
  const exact = updaters.bptt.build(learning, { learning_rate: 1 });
  for (
    const { parameter, error } of await checkGradient({ program: exact, loss: crossEntropy, task })
  ) {
    console.log(`gradient of ${parameter}: ${error.toExponential(1)} from central differences`);
  }

  // 3. Training, on the device that was asked for.
  const program = updaters.bptt.build(learning, { learning_rate: 0.01, optimizer: "adam" });
  const device = deviceName as DeviceChoice;
  const { backend, reason } = await openBackend({ device, allowSoftwareAdapter: true });
  console.log(reason);
  const engine = await backend.prepare(program, { chunk: 64 });
  const { metrics } = await train({
    engine,
    task,
    loss: crossEntropy,
    seeds: [1],
    iterations: 400,
    evaluationSequences: 200,
    logEvery: 100,
    hooks: {
      onRow: ({ iteration, values: { "eval/loss": loss } }) => console.log(iteration, loss![0]),
    },
  });
  console.log(`held-out loss ${meanOf(metrics["eval/loss"]!)}, best possible ${task.bestLoss}`);
  engine.close();
  backend.close();
}

// `deno task check gradients examples/custom_rule.ts` imports the model alone.
if (import.meta.main) await main(Deno.args[0] ?? "auto");
