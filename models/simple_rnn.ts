/**
 * Simple RNN, the baseline with slow weights (Elman, 1990, with a stack of inner layers).
 *
 *   z_1 = relu(W_1 [x_t ; h_{t-1}] + b_1),  z_l = relu(W_l z_{l-1} + b_l),  sizes I + H -> H -> H
 *   h_t = tanh(W_i2h z_L + b_i2h), or 0 without recurrence;  logits = W_i2o o + b_i2o
 *
 * x_t as in `symbol_input.ts`; o = z_L, or another head of `output_head.ts`. Weights and biases are shared by
 * all sequences. First ones ~ U(±1/sqrt(fan in)): a step multiplies the gradient of h by about 1/sqrt(6) in
 * each relu layer and 1/sqrt(3) in i2h, so that at first little is learned from what lies many steps back.
 *
 * With `recurrent_initial` orthogonal a step keeps the size of activity and gradient while units are far from
 * saturation: what reads h or z is orthogonal (Saxe, McClelland and Ganguli, 2014), times sqrt(2) where relu
 * takes half of the power (He et al., 2015), and its biases are 0. The columns of W_1 that read x_t are U(±1),
 * for a symbol excites one.
 */
import { z } from "../deps/zod.ts";
import { type Declaration, matrix, scalar, vector } from "../core/program/declaration.ts";
import {
  beside,
  type Initializer,
  orthogonal,
  uniform,
  zeros,
} from "../core/program/initializer.ts";
import { concat, filled, relu, tanh } from "../core/program/language.ts";
import { linear, type LinearOptions } from "../core/program/linear.ts";
import { defineModel, type Model } from "../core/program/model.ts";
import { checkOutputHead, headInput, outputHeadConfig } from "./output_head.ts";
import type { RnnSettings } from "./settings.ts";
import { inputDeclarations, inputParts, inputSize, symbolInputConfig } from "./symbol_input.ts";

const config = z.strictObject({
  symbols: z.int().min(2).max(4096).describe("C, symbols of the alphabet; given by the task"),
  hidden_size: z.int().min(1).max(8192).default(64).describe("H, units of every layer"),
  num_layers: z.int().min(1).max(32).default(2).describe("L, inner layers"),
  enable_recurrence: z.boolean().default(true).describe("Feed h back; off: h is 0"),
  recurrent_initial: z.enum(["uniform", "orthogonal"]).default("uniform").describe(
    "First weights of the layers from a state to the next: uniform within ±1/sqrt(fan in), or orthogonal, which keep the size of activity and gradients through time",
  ),
  ...symbolInputConfig,
  ...outputHeadConfig,
}).superRefine(checkOutputHead);
type Config = z.output<typeof config>;

const layersOf = (config: Config) => {
  const { symbols, hidden_size, num_layers, layout } = config;
  const inputs = inputSize(config) + hidden_size;
  return [
    ...Array.from({ length: num_layers }, (_, index) => ({
      name: `linear_layers/${index}`,
      post: hidden_size,
      pre: index === 0 ? inputs : hidden_size,
      summary: index === 0
        ? "from the symbol and the state h (its last columns) to the first inner layer"
        : `from inner layer ${index} to inner layer ${index + 1}`,
    })),
    {
      name: "i2h",
      post: hidden_size,
      pre: hidden_size,
      summary: "from the last inner layer to the next state h",
    },
    {
      name: "i2o",
      post: symbols,
      pre: hidden_size,
      summary: `from ${
        layout === "tapped" ? "the state h" : "the last inner layer"
      } to the output, a logit a symbol`,
    },
  ];
};

/** What weights and biases of a layer are at first. */
function firstValues(
  { name, pre }: { readonly name: string; readonly pre: number },
  { recurrent_initial, hidden_size }: Config,
): { readonly weight: Initializer; readonly bias: Initializer } {
  if (recurrent_initial === "uniform" || name === "i2o") {
    const bound = 1 / Math.sqrt(pre);
    return { weight: uniform(-bound, bound), bias: uniform(-bound, bound) };
  }
  const inner = orthogonal(name === "i2h" ? 1 : Math.SQRT2);
  const weight = pre === hidden_size
    ? inner
    : beside(uniform(-1, 1), { columns: hidden_size, last: inner });
  return { weight, bias: zeros };
}

/**
 * The simple RNN. Reads one `symbol` (0 to C - 1) at each step. Its output [C] is a logit of each symbol.
 *
 * @example
 * const model = simpleRnn.instantiate({ symbols: 9, hidden_size: 64 });
 * updaters.bptt.build({ model, loss: crossEntropy, extents }, { learning_rate: 1e-3 });
 */
export const simpleRnn: Model<RnnSettings> = defineModel({
  name: "rnn",
  summary: "Simple RNN with slow weights, the baseline",
  config,
  fromTask: ["symbols"],
  small: { hidden_size: 5, num_layers: 1 },
  parameters: (config) => ({
    ...Object.fromEntries(
      layersOf(config).flatMap(({ name, post, pre, summary }): [string, Declaration][] => {
        const { weight, bias } = firstValues({ name, pre }, config);
        return [
          [`${name}/weight`, matrix(post, pre, weight, { summary })],
          [`${name}/bias`, vector(post, bias, { summary: `bias of ${name}` })],
        ];
      }),
    ),
    ...inputDeclarations(config),
  }),
  state: (config) => ({ h: vector(config.hidden_size), previous: scalar(-1) }),
  inputs: () => ({ symbol: [] as const }),
  step(parameters, { h, previous }, { symbol }, config) {
    const layer = (
      name: string,
      options: Pick<LinearOptions, "role" | "input" | "activation">,
    ) =>
      linear(name, {
        weight: parameters[`${name}/weight`]!,
        bias: parameters[`${name}/bias`]!,
        ...options,
      });
    const { position } = parameters;
    let inner = concat(...inputParts({ symbol, previous, position }, config), h);
    for (let index = 0; index < config.num_layers; index++) {
      inner = layer(`linear_layers/${index}`, { role: "hidden", input: inner, activation: relu });
    }
    const activity = layer("i2h", { role: "recurrent", input: inner, activation: tanh });
    const input = headInput({ inner, activity }, config);
    return {
      state: { h: config.enable_recurrence ? activity : filled(h, 0, h.shape), previous: symbol },
      output: layer("i2o", { role: "output", input }),
    };
  },
});
