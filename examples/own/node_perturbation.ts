/**
 * Node perturbation: each unit is moved by noise, the step is run once more, and noise that lowered the loss is learned.
 * It takes layers with biases, and has no credit through time.
 *
 *   deno task train --updater examples/own/node_perturbation.ts --model examples/own/rate_rnn.ts --task 2_palindrome_vary
 *
 * Source: Dembo and Kailath (1990), "Model-free distributed learning".
 */
import {
  add,
  batchMean,
  defineUpdater,
  div,
  mul,
  outer,
  perStepProgram,
  slotOf,
  sub,
  z,
} from "hebb";

export default defineUpdater({
  name: "node_perturbation",
  summary: "Noise on units that lowers the loss is learned (Dembo and Kailath 1990)",
  config: z.strictObject({
    learning_rate: z.number().positive().default(0.05).describe("Learning rate"),
    sigma: z.number().positive().default(0.01).describe("Deviation of the noise"),
  }),
  build: (learning, config) =>
    perStepProgram(learning, {
      config,
      optimizer: "sgd",
      trains: () => true,
      gradients({ loss, layers: traced }, { stage, layers, random }) {
        const { model, loss: judge } = learning;
        const noise = traced.map(({ name, output }) => random.normal(output.shape, { name }));
        const moved = Object.fromEntries(layers.map(({ bias }, index) => {
          const slot = slotOf(bias!); // noise on a bias is noise on what the unit takes in
          return [slot, add(stage.load(slot), mul(config.sigma, noise[index]!))];
        }));
        const { output, observed, nextState: state } = model.trace(stage, moved);
        const inputs = Object.keys(judge.inputs).map((name) => [name, stage.load(name)]);
        const noisy = judge.step({ output, observed, state, targets: Object.fromEntries(inputs) });
        const slope = div(sub(noisy.loss, loss), config.sigma);
        return new Map(layers.flatMap(({ weight, bias }, index) => {
          const error = mul(slope, noise[index]!);
          const gradient = outer(error, traced[index]!.input);
          return [[slotOf(weight), batchMean(gradient)], [
            slotOf(bias!),
            batchMean(error),
          ]] as const;
        }));
      },
    }),
});
