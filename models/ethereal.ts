/**
 * Ethereal RNN: a network whose weights are written by the learning rule while a sequence runs.
 *
 *   z_0 = [x_t ; h_{t-1}],  z_l = gelu(W_l z_{l-1} + b_l),  l = 1..L, all of size N = I + H
 *   z   = z_L + z_0 with `residual_connection`, else z_L
 *   h_t = tanh(W_i2h z + b_i2h), or 0 without recurrence;  logits = W_i2o o + b_i2o
 *   g   = W_self_grad o + b_self_grad, which a rule may add to the output error
 *
 * x_t as in `symbol_input.ts`; o = z, or another head of `output_head.ts`. Weights are fast,
 * [P, B, post, pre]; biases are shared, [P, post].
 * A fixed share of the weights (the mask) is highly plastic: its updates are multiplied by
 * `plast_clip`, it forgets by `forget_rate` in each update, and is set to 0 between sequences.
 * Source: the memory-encoding experiments with EtherealRNN ("ephemeral" weights).
 */
import { z } from "../deps/zod.ts";
import { type Declaration, matrix, scalar, vector } from "../core/program/declaration.ts";
import {
  bernoulli,
  constantValue,
  type Initializer,
  uniform,
  xavierNormal,
  xavierUniform,
} from "../core/program/initializer.ts";
import { add, concat, filled, gelu, tanh, where } from "../core/program/language.ts";
import { linear, type LinearOptions } from "../core/program/linear.ts";
import { defineModel, type Model } from "../core/program/model.ts";
import type { LayerRole, Plasticity } from "../core/program/node.ts";
import type { Value } from "../core/program/elementwise.ts";
import { checkOutputHead, headInput, outputHeadConfig } from "./output_head.ts";
import type { EtherealSettings } from "./settings.ts";
import { inputDeclarations, inputParts, inputSize, symbolInputConfig } from "./symbol_input.ts";

const config = z.strictObject({
  symbols: z.int().min(2).max(4096).describe("C, symbols of the alphabet; given by the task"),
  hidden_size: z.int().min(1).max(8192).default(64).describe("H, recurrent units"),
  num_layers: z.int().min(1).max(32).default(2).describe("L, inner layers of size I + H"),
  residual_connection: z.boolean().default(true).describe("Add the first layer's input to z"),
  enable_recurrence: z.boolean().default(false).describe("Feed h back; off: h is 0"),
  ...symbolInputConfig,
  ...outputHeadConfig,
  plast_clip: z.number().min(0).default(1000).describe("Update factor of highly plastic weights"),
  plast_proportion: z.number().min(0).max(1).default(0.2).describe(
    "Share of highly plastic weights",
  ),
  forget_rate: z.number().min(0).max(1).default(0.1).describe(
    "Share of a highly plastic weight lost in every update",
  ),
  initial_weights: z.enum(["xavier_uniform", "xavier", "uniform", "zero"]).default(
    "xavier_uniform",
  ).describe(
    "First weights: Xavier uniform or normal, uniform within ±1/sqrt(fan in), or 0 as published",
  ),
}).superRefine(checkOutputHead);
type EtherealConfig = z.output<typeof config>;

/** First weights, by the bound 1/sqrt(fan in). */
const initializers: Readonly<
  Record<EtherealConfig["initial_weights"], (bound: number) => Initializer>
> = {
  xavier_uniform: () => xavierUniform,
  xavier: () => xavierNormal,
  uniform: (bound) => uniform(-bound, bound),
  zero: () => constantValue(0),
};

/** Least share of the weights that forget, however small `plast_proportion` is. */
const ALWAYS_FORGETTING = 0.01;

interface Layer {
  readonly name: string;
  readonly post: number;
  readonly pre: number;
  readonly role: LayerRole;
  /** What its weights connect. */
  readonly summary: string;
}

function layersOf(config: EtherealConfig): Layer[] {
  const inner = inputSize(config) + config.hidden_size;
  const isTapped = config.layout === "tapped";
  const head = { post: config.symbols, pre: isTapped ? config.hidden_size : inner };
  const read = isTapped ? "the state h" : "the last inner layer";
  return [
    ...Array.from({ length: config.num_layers }, (_, index): Layer => ({
      name: `linear${index}`,
      post: inner,
      pre: inner,
      role: "hidden",
      summary: index === 0
        ? "from the input and the state h to the first inner layer"
        : `from inner layer ${index} to inner layer ${index + 1}`,
    })),
    {
      name: "i2h",
      post: config.hidden_size,
      pre: inner,
      role: "recurrent",
      summary: "from the last inner layer to the next state h",
    },
    {
      name: "i2o",
      ...head,
      role: "output",
      summary: `from ${read} to the output, a logit a symbol`,
    },
    {
      name: "self_grad",
      ...head,
      role: "selfGradient",
      summary: `from ${read} to what is added to the output error`,
    },
  ];
}

/**
 * The Ethereal RNN. Reads one `symbol` (0 to C - 1) at each step. Its output [C] is a logit of each symbol.
 *
 * @example
 * const model = ethereal.instantiate({ symbols: 9, hidden_size: 64 });
 * updaters.dfa.build({ model, loss: crossEntropy, extents }, { learning_rate: 1e-3 });
 */
export const ethereal: Model<EtherealSettings> = defineModel({
  name: "ethereal",
  summary: "Ethereal RNN: fast weights written by the learning rule itself",
  config,
  fromTask: ["symbols"],
  features: ["fastWeights", "selfGradient"],
  small: { hidden_size: 5, num_layers: 1, enable_recurrence: true, plast_clip: 3 },
  parameters(config) {
    const declarations: Record<string, Declaration> = {};
    for (const { name, post, pre, summary } of layersOf(config)) {
      const { plast_proportion: share, forget_rate: rate } = config;
      const bound = 1 / Math.sqrt(pre);
      const first = initializers[config.initial_weights](bound);
      declarations[`${name}/weight`] = matrix(post, pre, first, { fast: true, summary });
      declarations[`${name}/bias`] = vector(post, uniform(-bound, bound));
      // Mask and forgetting are drawn with the same random numbers: highly plastic weights forget.
      const mask = `${name}/mask`;
      const forgetting = bernoulli(Math.max(share, ALWAYS_FORGETTING), { value: rate, name: mask });
      declarations[mask] = matrix(post, pre, bernoulli(share), {
        trained: false,
        summary: "1: highly plastic, 0: the others",
      });
      declarations[`${name}/forgetting`] = matrix(post, pre, forgetting, { trained: false });
    }
    declarations["plast_clip"] = scalar(config.plast_clip, { trained: false });
    return { ...declarations, ...inputDeclarations(config) };
  },
  state: (config) => ({ h: vector(config.hidden_size), previous: scalar(-1) }),
  inputs: () => ({ symbol: [] as const }),
  step(parameters, { h, previous }, { symbol }, config) {
    const parameter = (name: string): Value => parameters[name]!;
    const layer = (
      name: string,
      { role, input, activation }: Pick<LinearOptions, "role" | "input" | "activation">,
    ) => {
      const mask = parameter(`${name}/mask`);
      const plasticity: Plasticity = {
        mask,
        rate: where(mask, parameter("plast_clip"), 1),
        forgetting: parameter(`${name}/forgetting`),
      };
      const [weight, bias] = [parameter(`${name}/weight`), parameter(`${name}/bias`)];
      return linear(name, { weight, bias, input, role, activation, plasticity });
    };
    const { position } = parameters;
    const first = concat(...inputParts({ symbol, previous, position }, config), h);
    let last = first;
    for (let index = 0; index < config.num_layers; index++) {
      last = layer(`linear${index}`, { role: "hidden", input: last, activation: gelu });
    }
    const inner = config.residual_connection ? add(last, first) : last;
    const activity = layer("i2h", { role: "recurrent", input: inner, activation: tanh });
    const input = headInput({ inner, activity }, config);
    const logits = layer("i2o", { role: "output", input });
    layer("self_grad", { role: "selfGradient", input });
    return {
      state: { h: config.enable_recurrence ? activity : filled(h, 0, h.shape), previous: symbol },
      output: logits,
    };
  },
});
