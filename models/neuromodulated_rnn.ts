/**
 * Plastic RNN with simple neuromodulation: the network itself decides when its traces change.
 *
 *   m_t = tanh(r · y_{t-1} + b)
 *   hebb_t = clip(hebb_{t-1} + m_t y_{t-1} ⊗ y_{t-2}, -1, 1)
 *   y_t = tanh((w + α ∘ hebb_t) y_{t-1} + x_t)
 *
 * One signal m gates all connections; below 0 it turns learning into its opposite. y and hebb are 0 at
 * the start of a sequence. Trained: w, α, the readout r and its bias b.
 *
 * Source: T. Miconi, A. Rawal, J. Clune and K. O. Stanley, "Backpropamine: training self-modifying
 * neural networks with differentiable neuromodulated plasticity" (ICLR 2019), section 3.
 */
import { z } from "zod";
import { matrix, scalar, vector } from "../core/program/declaration.ts";
import { normal } from "../core/program/initializer.ts";
import { add, clamp, dot, matvec, mul, outer, tanh } from "../core/program/language.ts";
import { defineModel } from "../core/program/model.ts";
import { plasticSettings, plasticWeights } from "./plastic_rnn.ts";

export const neuromodulatedRnn = defineModel({
  name: "neuromodulated_rnn",
  summary: "Plastic RNN that gates its own plasticity (Backpropamine, Miconi 2019)",
  config: z.strictObject({
    ...plasticSettings,
    modulator_scale: z.number().min(0).default(0.01).describe(
      "Standard deviation of the modulator's readout at first",
    ),
    modulator_bias: z.number().min(-10).max(10).default(0.01).describe(
      "Bias of the modulator at first: its signal while nothing is active",
    ),
  }),
  fromTask: ["inputs"],
  parameters: ({ modulator_scale, modulator_bias, ...settings }) => ({
    ...plasticWeights(settings),
    readout: vector(settings.inputs, normal(modulator_scale)),
    readout_bias: scalar(modulator_bias),
  }),
  state: ({ inputs: n }) => ({ y: vector(n), previous: vector(n), hebb: matrix(n, n) }),
  inputs: ({ inputs: n }) => ({ x: [n] as const }),
  step({ w, alpha, readout, readout_bias }, { y, previous, hebb }, { x }) {
    const modulator = tanh(add(dot(readout, y), readout_bias));
    const trace = clamp(add(hebb, mul(modulator, outer(y, previous))), -1, 1);
    const effective = add(w, mul(alpha, trace));
    const next = tanh(add(matvec(effective, y), x));
    return {
      state: { y: next, previous: y, hebb: trace },
      output: next,
      observed: { y: next, modulator, hebb: trace, effective },
    };
  },
});
