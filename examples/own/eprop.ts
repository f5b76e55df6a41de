/**
 * e-prop for rate networks: credit through time, without going back in time. For the input
 * a_j = Σ_i W_ji x_i + b_j of a recurrent neuron (a layer made with `linear`) and its state h_j
 *
 *   eligibility trace  e_ji(t) = ∂h_j(t)/∂h_j(t-1) e_ji(t-1) + ∂h_j(t)/∂a_j(t) x_i(t)
 *   learning signal    L_j(t) = ∂loss(t)/∂h_j(t-1), the output error through the weights from h_j to the output
 *   gradient           L_j(t) e_ji(t-1), plus the exact gradient within step t
 *
 * A trace follows the memory of its own neuron, such as a leak, and not the way over other neurons. Fast
 * weights learn from the gradient within the step alone.
 *
 *   deno task train --updater examples/own/eprop.ts --model rnn --task 2_palindrome_vary
 *
 * On that task its loss lies between those of dfa and bptt: docs/eprop.md.
 * Source: Bellec et al. (2020), "A solution to the learning dilemma for recurrent networks of spiking neurons".
 */
import { add, batchSum, column, filled, mul, outer, stepGradients, type Value, vjp, z } from "hebb";
import { defineUpdater, layersReached, type LinearLayer, perStepProgram, slotOf } from "hebb";

const isTraced = ({ role, weight }: LinearLayer) => role === "recurrent" && !weight.hasBatchAxis;
const traces = ({ name }: LinearLayer) => [`train/${name}/w`, `train/${name}/b`] as const;

export default defineUpdater({
  name: "eprop",
  summary: "e-prop: eligibility traces and learning signals, after every step (Bellec 2020)",
  config: z.strictObject({
    learning_rate: z.number().positive().default(0.01).describe("Learning rate"),
    grad_clip: z.number().min(0).default(0).describe("Bound on the norm of the gradient (0: off)"),
  }),
  build: (learning, config) => {
    const reached = layersReached(learning);
    return perStepProgram(learning, {
      config,
      optimizer: "sgd",
      trains: ({ name }) => reached.has(name),
      begin({ stage, builder, layers }) {
        for (const layer of layers.filter(isTraced)) {
          const [w, b] = traces(layer);
          builder.slot(w, { kind: "state", shape: layer.weight.shape, hasBatchAxis: true });
          builder.slot(b, { kind: "state", shape: layer.output.shape, hasBatchAxis: true });
          for (const slot of [w, b]) stage.store(slot, 0);
        }
      },
      gradients(step, { stage, layers }) {
        const gradients = stepGradients(step, { stage, learning });
        const addTo = (parameter: Value, gradient: Value) => {
          const within = gradients.get(slotOf(parameter));
          gradients.set(slotOf(parameter), within ? add(within, gradient) : gradient);
        };
        const inputs = step.layers.map(({ output }) => output);
        step.layers.forEach(({ input: x, output: a }, index) => {
          const layer = layers[index]!;
          if (!isTraced(layer)) return;
          const [w, b] = traces(layer);
          const [eW, eB] = [stage.load(w), stage.load(b)];
          for (const [name, h] of Object.entries(step.nextState)) {
            const before = step.state[name]!;
            // Nothing flows through the inputs of neurons: what is left is the memory of each neuron.
            const slopes = vjp([{ value: h, cotangent: filled(h, 1, h.shape) }], [
              before,
              ...inputs,
            ]);
            const slope = slopes.get(a)?.perSequence;
            if (!slope) continue;
            const memory = slopes.get(before)?.perSequence ?? filled(h, 0, h.shape);
            stage.store(w, add(mul(column(memory), eW), outer(slope, x)));
            stage.store(b, add(mul(memory, eB), slope));
            const meanLoss = filled(step.loss, 1 / learning.extents.sequences, []);
            const signals = vjp([{ value: step.loss, cotangent: meanLoss }], [before]);
            const signal = signals.get(before)?.perSequence;
            if (!signal) continue;
            addTo(layer.weight, batchSum(mul(column(signal), eW)));
            if (layer.bias) addTo(layer.bias, batchSum(mul(signal, eB)));
          }
        });
        return gradients;
      },
    });
  },
});
