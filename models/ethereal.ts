/**
 * Ethereal RNN: a network whose weights are written by the learning rule while a sequence runs.
 *
 *   z_0 = [x_t ; h_{t-1}],  z_l = gelu(W_l z_{l-1} + b_l),  l = 1..L, all of size N = I + H
 *   z   = z_L + z_0 with `residual_connection`, else z_L
 *   h_t = tanh(W_i2h z + b_i2h), or 0 without recurrence;  logits = W_i2o z + b_i2o
 *   g   = W_self_grad z + b_self_grad, which a rule may add to the output error
 *
 * x_t is the one-hot symbol, with `last_two` followed by the previous one, then by a sinusoidal
 * position (Vaswani et al., 2017). Weights are fast, [P, B, post, pre]; biases are shared, [P, post].
 * A fixed share of the weights (the mask) is highly plastic: its updates are multiplied by
 * `plast_clip`, it forgets by `forget_rate` before each update, and is set to 0 between sequences.
 * Source: the memory-encoding experiments with EtherealRNN ("ephemeral" weights).
 */
import { z } from "../deps/zod.ts";
import { type Declaration, matrix, scalar, vector } from "../core/program/declaration.ts";
import {
  bernoulli,
  computed,
  constantValue,
  type Initializer,
  uniform,
  xavierNormal,
  xavierUniform,
} from "../core/program/initializer.ts";
import { add, concat, filled, gelu, oneHot, tanh, where } from "../core/program/language.ts";
import { linear } from "../core/program/linear.ts";
import { defineModel, type Model } from "../core/program/model.ts";
import type { LayerRole, Plasticity } from "../core/program/node.ts";
import type { Value } from "../core/program/elementwise.ts";
import type { EtherealSettings } from "./settings.ts";

const config = z.strictObject({
  symbols: z.int().min(2).max(4096).describe("C, symbols of the alphabet; given by the task"),
  hidden_size: z.int().min(1).max(8192).default(64).describe("H, recurrent units"),
  num_layers: z.int().min(1).max(32).default(2).describe("L, inner layers of size I + H"),
  residual_connection: z.boolean().default(true).describe("Add the first layer's input to z"),
  enable_recurrence: z.boolean().default(false).describe("Feed h back; off: h is 0"),
  input_mode: z.enum(["last_one", "last_two"]).default("last_one").describe(
    "Input: the current symbol, or also the previous one",
  ),
  positional_encoding_dim: z.int().min(0).max(4096).multipleOf(2).default(0).describe(
    "D, size of the sinusoidal position (even; 0: none)",
  ),
  plast_clip: z.number().min(0).default(1000).describe("Update factor of highly plastic weights"),
  plast_proportion: z.number().min(0).max(1).default(0.2).describe(
    "Share of highly plastic weights",
  ),
  forget_rate: z.number().min(0).max(1).default(0.1).describe(
    "Share of a highly plastic weight lost before every update",
  ),
  initial_weights: z.enum(["xavier_uniform", "xavier", "zero"]).default("xavier_uniform").describe(
    "First weights: Xavier uniform or normal, or 0 as published",
  ),
});
type EtherealConfig = z.output<typeof config>;

const initializers: Readonly<Record<EtherealConfig["initial_weights"], Initializer>> = {
  xavier_uniform: xavierUniform,
  xavier: xavierNormal,
  zero: constantValue(0),
};

/** Least share of the weights that forget, however small `plast_proportion` is. */
const ALWAYS_FORGETTING = 0.01;

interface Layer {
  readonly name: string;
  readonly post: number;
  readonly role: LayerRole;
  /** What its weights connect. */
  readonly summary: string;
}

/** I + H, the size of every inner layer. */
function innerSize(
  { symbols, input_mode, positional_encoding_dim, hidden_size }: EtherealConfig,
): number {
  return symbols * (input_mode === "last_two" ? 2 : 1) + positional_encoding_dim + hidden_size;
}

function layersOf(config: EtherealConfig): Layer[] {
  return [
    ...Array.from({ length: config.num_layers }, (_, index): Layer => ({
      name: `linear${index}`,
      post: innerSize(config),
      role: "hidden",
      summary: index === 0
        ? "from the input and the state h to the first inner layer"
        : `from inner layer ${index} to inner layer ${index + 1}`,
    })),
    {
      name: "i2h",
      post: config.hidden_size,
      role: "recurrent",
      summary: "from the last inner layer to the next state h",
    },
    {
      name: "i2o",
      post: config.symbols,
      role: "output",
      summary: "from the last inner layer to the output, a logit a symbol",
    },
    {
      name: "self_grad",
      post: config.symbols,
      role: "selfGradient",
      summary: "from the last inner layer to what is added to the output error",
    },
  ];
}

/** PE(t, 2k) = sin(t / 10000^(2k/D)), PE(t, 2k+1) = cos of the same. */
const position = computed((out, { step }) => {
  for (let k = 0; k < out.length; k += 2) {
    const angle = step * Math.pow(10000, -k / out.length);
    out[k] = Math.sin(angle);
    out[k + 1] = Math.cos(angle);
  }
});

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
    const pre = innerSize(config);
    const bound = 1 / Math.sqrt(pre);
    const declarations: Record<string, Declaration> = {};
    for (const { name, post, summary } of layersOf(config)) {
      const { plast_proportion: share, forget_rate: rate } = config;
      const first = initializers[config.initial_weights];
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
    if (config.positional_encoding_dim > 0) {
      declarations["position"] = vector(config.positional_encoding_dim, position, {
        trained: false,
        perStep: true,
      });
    }
    return declarations;
  },
  state: (config) => ({ h: vector(config.hidden_size), previous: scalar(-1) }),
  inputs: () => ({ symbol: [] as const }),
  step(parameters, { h, previous }, { symbol }, config) {
    const parameter = (name: string): Value => parameters[name]!;
    const layer = (name: string, role: LayerRole, input: Value) => {
      const mask = parameter(`${name}/mask`);
      const plasticity: Plasticity = {
        mask,
        rate: where(mask, parameter("plast_clip"), 1),
        forgetting: parameter(`${name}/forgetting`),
      };
      const [weight, bias] = [parameter(`${name}/weight`), parameter(`${name}/bias`)];
      return linear(name, { weight, bias, input, role, plasticity });
    };
    const input = [oneHot(symbol, config.symbols)];
    if (config.input_mode === "last_two") input.push(oneHot(previous, config.symbols));
    if (config.positional_encoding_dim > 0) input.push(parameter("position"));
    const first = concat(...input, h);
    let inner = first;
    for (let index = 0; index < config.num_layers; index++) {
      inner = gelu(layer(`linear${index}`, "hidden", inner));
    }
    const features = config.residual_connection ? add(inner, first) : inner;
    const activity = tanh(layer("i2h", "recurrent", features));
    const logits = layer("i2o", "output", features);
    layer("self_grad", "selfGradient", features);
    return {
      state: { h: config.enable_recurrence ? activity : filled(h, 0, h.shape), previous: symbol },
      output: logits,
    };
  },
});
