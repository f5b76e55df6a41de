/**
 * Plastic RNN with simple neuromodulation: the network itself decides when its traces change.
 *
 *   m_t = tanh(r · y_{t-1} + b)
 *   hebb_t = clip(hebb_{t-1} + m_t y_{t-1} ⊗ y_{t-2}, -1, 1)
 *   y_t = tanh((w + α ∘ hebb_t) y_{t-1} + x_t)
 *
 * One signal m gates all connections; a negative m reverses learning. Trained: w, α, the readout r [N] and
 * its bias b.
 *
 * Source: T. Miconi, A. Rawal, J. Clune and K. O. Stanley, "Backpropamine: training self-modifying
 * neural networks with differentiable neuromodulated plasticity" (ICLR 2019), section 3.
 */
import { z } from "../deps/zod.ts";
import { scalar, vector } from "../core/program/declaration.ts";
import { normal } from "../core/program/initializer.ts";
import { add, clamp, dot, mul, outer, tanh } from "../core/program/language.ts";
import { plasticNetwork } from "./plastic_network.ts";
import type { Model } from "../core/program/model.ts";
import type { NeuromodulatedRnnSettings } from "./settings.ts";

/**
 * The plastic RNN with neuromodulation. Reads `x` [N] at each step. Its output is the activity y [N], from
 * -1 to 1.
 *
 * @example
 * const model = neuromodulatedRnn.instantiate({ inputs: 29 });
 * updaters.bptt.build({ model, loss: patternError(28), extents }, { learning_rate: 3e-4 });
 */
export const neuromodulatedRnn: Model<NeuromodulatedRnnSettings> = plasticNetwork({
  name: "neuromodulated_rnn",
  summary: "Plastic RNN that gates its own plasticity (Backpropamine, Miconi 2019)",
  settings: {
    modulator_scale: z.number().min(0).default(0.01).describe(
      "Standard deviation of the modulator's readout at first",
    ),
    modulator_bias: z.number().min(-10).max(10).default(0.01).describe(
      "Bias of the modulator at first: its signal while nothing is active",
    ),
  },
  small: { modulator_scale: 0.2, modulator_bias: 0.5 },
  parameters: ({ inputs, modulator_scale, modulator_bias }) => ({
    readout: vector(inputs, normal(modulator_scale)),
    readout_bias: scalar(modulator_bias),
  }),
  trace({ post, pre, hebb }, { readout, readout_bias }) {
    const modulator = tanh(add(dot(readout, post), readout_bias));
    return { hebb: clamp(add(hebb, mul(modulator, outer(post, pre))), -1, 1), modulator };
  },
});
