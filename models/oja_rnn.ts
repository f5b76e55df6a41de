/**
 * Plastic RNN with Oja's rule: the trace is bounded by what it has learned instead of fading away.
 *
 *   hebb_t = hebb_{t-1} + η y_{t-1} ∘ (y_{t-2} - y_{t-1} ∘ hebb_{t-1})
 *   y_t = tanh((w + α ∘ hebb_t) y_{t-1} + x_t)
 *
 * In the first line y_{t-1} is a column (post), y_{t-2} a row (pre): a trace stays as it is while
 * nothing is active. y and hebb are 0 at the start of a sequence; w, α and, if asked for, η are trained.
 *
 * Source: E. Oja, "Simplified neuron model as a principal component analyzer" (1982); in a network
 * trained by gradients, T. Miconi, J. Clune and K. O. Stanley, "Differentiable plasticity" (ICML 2018).
 */
import { z } from "zod";
import { matrix, scalar, vector } from "../core/program/declaration.ts";
import { add, column, matvec, mul, row, sub, tanh } from "../core/program/language.ts";
import { defineModel } from "../core/program/model.ts";
import { plasticSettings, plasticWeights, withRate } from "./plastic_rnn.ts";

export const ojaRnn = defineModel({
  name: "oja_rnn",
  summary: "Plastic RNN whose traces follow Oja's rule (Oja 1982, Miconi 2018)",
  config: z.strictObject({
    ...plasticSettings,
    eta: z.number().min(0).max(1).default(0.01).describe("η, how fast the trace changes"),
    train_eta: z.boolean().default(false).describe("Train η as well"),
  }),
  fromTask: ["inputs"],
  parameters: ({ eta, train_eta, ...settings }) =>
    withRate(plasticWeights(settings), train_eta ? scalar(eta) : undefined),
  state: ({ inputs: n }) => ({ y: vector(n), previous: vector(n), hebb: matrix(n, n) }),
  inputs: ({ inputs: n }) => ({ x: [n] as const }),
  step({ w, alpha, eta }, { y, previous, hebb }, { x }, config) {
    const rate = eta ?? config.eta;
    const post = column(y);
    const trace = add(hebb, mul(rate, post, sub(row(previous), mul(post, hebb))));
    const effective = add(w, mul(alpha, trace));
    const next = tanh(add(matvec(effective, y), x));
    return {
      state: { y: next, previous: y, hebb: trace },
      output: next,
      observed: { y: next, hebb: trace, effective },
    };
  },
});
