/**
 * Plastic RNN with Oja's rule: a trace that is kept in bounds by its own size, and does not fade.
 *
 *   hebb_t = hebb_{t-1} + η y_{t-1} ∘ (y_{t-2} - y_{t-1} ∘ hebb_{t-1})
 *   y_t = tanh((w + α ∘ hebb_t) y_{t-1} + x_t)
 *
 * In the first line y_{t-1} is a column (post) and y_{t-2} a row (pre). A trace stays as it is while
 * nothing is active. Trained: w, α and, if asked for, the one number η.
 *
 * Source: E. Oja, "Simplified neuron model as a principal component analyzer" (1982); in a network
 * trained by gradients, T. Miconi, J. Clune and K. O. Stanley, "Differentiable plasticity" (ICML 2018).
 */
import { add, column, mul, row, sub } from "../core/program/language.ts";
import { plasticNetwork, rateSettings, trainedRate } from "./plastic_network.ts";
import type { Model } from "../core/program/model.ts";
import type { OjaRnnSettings } from "./settings.ts";

/**
 * The plastic RNN with Oja's rule. Reads `x` [N] at each step. Its output is the activity y [N], from -1 to
 * 1.
 *
 * @example
 * const model = ojaRnn.instantiate({ inputs: 29 });
 * updaters.bptt.build({ model, loss: patternError(28), extents }, { learning_rate: 3e-4 });
 */
export const ojaRnn: Model<OjaRnnSettings> = plasticNetwork({
  name: "oja_rnn",
  summary: "Plastic RNN whose traces follow Oja's rule (Oja 1982, Miconi 2018)",
  settings: rateSettings(0.01, "how fast the trace changes"),
  small: { eta: 0.3, train_eta: true },
  parameters: trainedRate,
  trace({ post, pre, hebb }, { eta }, config) {
    const y = column(post);
    return { hebb: add(hebb, mul(eta ?? config.eta, y, sub(row(pre), mul(y, hebb)))) };
  },
});
