/**
 * Plastic RNN: every connection has a fixed weight and a Hebbian trace with a trained coefficient.
 *
 *   hebb_t = η hebb_{t-1} + (1 - η) y_{t-1} ⊗ y_{t-2}
 *   y_t = tanh((w + α ∘ hebb_t) y_{t-1} + x_t)
 *
 * y and hebb are 0 at the start of a sequence. Trained: w, α and, if asked for, the one number η.
 * Without autapses α_ii is 0: the connection of a neuron to itself is not plastic, but w_ii is free.
 *
 * Source: T. Miconi, "Backpropagation of Hebbian plasticity for continual learning" (NIPS 2016
 * workshop), in its recurrent form; T. Miconi, J. Clune and K. O. Stanley, "Differentiable
 * plasticity: training plastic neural networks with backpropagation" (ICML 2018).
 */
import { z } from "zod";
import { type Declaration, matrix, scalar, vector } from "../core/program/declaration.ts";
import { constantValue, normal, uniform } from "../core/program/initializer.ts";
import { add, lerp, matvec, mul, outer, tanh } from "../core/program/language.ts";
import { defineModel } from "../core/program/model.ts";

/** Settings of every network with w and α, whatever rule its trace follows. */
export const plasticSettings = {
  inputs: z.int().min(1).max(8192).default(29).describe("N, neurons, each with an input"),
  plasticity: z.boolean().default(true).describe("Train α; without, it stays 0"),
  autapse: z.boolean().default(false).describe(
    "Let connections of neurons to themselves be plastic",
  ),
  w_deviation: z.number().min(0).optional().describe(
    "Standard deviation of w at first (default: 1.1 / sqrt(N))",
  ),
  alpha_scale: z.number().min(0).default(0.01).describe("Size of α at first"),
  alpha_initial: z.enum(["uniform", "normal"]).default("uniform").describe(
    "α at first: uniform from 0 to its size, or normal around 0",
  ),
};
type Settings = z.output<z.ZodObject<typeof plasticSettings>>;

/** w and α, [N, N]. */
export function plasticWeights(settings: Settings): { w: Declaration; alpha: Declaration } {
  const { inputs: n, plasticity, autapse, w_deviation, alpha_scale, alpha_initial } = settings;
  const drawn = alpha_initial === "normal" ? normal(alpha_scale) : uniform(0, alpha_scale);
  return {
    w: matrix(n, n, normal(w_deviation ?? 1.1 / Math.sqrt(n))),
    alpha: matrix(n, n, plasticity ? drawn : constantValue(0), {
      trained: plasticity,
      ...autapse ? {} : { diagonal: 0 },
    }),
  };
}

type Weights = ReturnType<typeof plasticWeights>;

/** With η where it is trained; else it is a constant, of which 1 - η keeps all digits. */
export const withRate = (
  weights: Weights,
  eta: Declaration | undefined,
): Weights & Readonly<Record<string, Declaration>> => ({ ...weights, ...eta ? { eta } : {} });

export const plasticRnn = defineModel({
  name: "plastic_rnn",
  summary: "Plastic RNN: Hebbian traces with trained coefficients (Miconi 2016, 2018)",
  config: z.strictObject({
    ...plasticSettings,
    eta: z.number().min(0).max(1).default(0.99).describe("η, what the trace keeps in a step"),
    train_eta: z.boolean().default(false).describe("Train η as well"),
  }),
  fromTask: ["inputs"],
  parameters: ({ eta, train_eta, ...settings }) =>
    withRate(plasticWeights(settings), train_eta ? scalar(eta) : undefined),
  state: ({ inputs: n }) => ({ y: vector(n), previous: vector(n), hebb: matrix(n, n) }),
  inputs: ({ inputs: n }) => ({ x: [n] as const }),
  step({ w, alpha, eta }, { y, previous, hebb }, { x }, config) {
    const rate = eta ?? config.eta;
    const trace = lerp(outer(y, previous), hebb, rate);
    const effective = add(w, mul(alpha, trace));
    const next = tanh(add(matvec(effective, y), x));
    return {
      state: { y: next, previous: y, hebb: trace },
      output: next,
      observed: { y: next, hebb: trace, effective },
    };
  },
});
