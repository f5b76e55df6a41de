/**
 * Plastic RNN: every connection has a fixed weight and a Hebbian trace with a trained coefficient.
 *
 *   hebb_t = η hebb_{t-1} + (1 - η) y_{t-1} ⊗ y_{t-2}
 *   y_t = tanh((w + α ∘ hebb_t) y_{t-1} + x_t)
 *
 * The trace fades unless activity renews it. Trained: w, α and, if asked for, the one number η.
 *
 * Source: T. Miconi, "Backpropagation of Hebbian plasticity for continual learning" (NIPS 2016
 * workshop), in its recurrent form; T. Miconi, J. Clune and K. O. Stanley, "Differentiable
 * plasticity: training plastic neural networks with backpropagation" (ICML 2018).
 */
import { lerp, outer } from "../core/program/language.ts";
import { plasticNetwork, rateSettings, trainedRate } from "./plastic_network.ts";
import type { Model } from "../core/program/model.ts";
import type { PlasticRnnSettings } from "./settings.ts";

/**
 * The plastic RNN. Reads `x` [N] at each step. Its output is the activity y [N], from -1 to 1.
 *
 * @example
 * const model = plasticRnn.instantiate({ inputs: 29 });
 * updaters.bptt.build({ model, loss: patternError(28), extents }, { learning_rate: 3e-4 });
 */
export const plasticRnn: Model<PlasticRnnSettings> = plasticNetwork({
  name: "plastic_rnn",
  summary: "Plastic RNN: Hebbian traces with trained coefficients (Miconi 2016, 2018)",
  settings: rateSettings(0.99, "what the trace keeps in a step"),
  small: { eta: 0.8, train_eta: true },
  parameters: trainedRate,
  trace: ({ post, pre, hebb }, { eta }, config) => ({
    hebb: lerp(outer(post, pre), hebb, eta ?? config.eta),
  }),
});
