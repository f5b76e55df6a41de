/**
 * The Ethereal RNN without recurrence, and a memory M [C, C] that it does not have to invent:
 *
 *   r_t = M x_t;  M <- M + (x_{t-1} - r_t) ⊗ x_t
 *   z_0 = [x_t ; x_{t-1} ; r_t],  z_l = gelu(W_l z_{l-1} + b_l),  logits = W_i2o z_L + b_i2o
 *
 * M binds the previous symbol under the current one by the delta rule (Widrow and Hoff, 1960) and is read
 * before it is written. Everything else is as in `models/ethereal.ts`: the same masks, the same update.
 */
import {
  add,
  bernoulli,
  concat,
  constantValue,
  type Declaration,
  defineModel,
  gelu,
  linear,
  matrix,
  matvec,
  type Model,
  oneHot,
  outer,
  scalar,
  sub,
  uniform,
  type ValuesOf,
  vector,
  where,
  xavierUniform,
} from "../../mod.ts";
import { z } from "../../deps/zod.ts";

const config = z.strictObject({
  symbols: z.int().min(2).describe("C, symbols of the alphabet; given by the task"),
  hidden_size: z.int().min(1).default(32).describe("Units beside those that fit the input"),
  plast_clip: z.number().default(350).describe("Update factor of highly plastic weights"),
  plast_proportion: z.number().default(0.2).describe("Share of highly plastic weights"),
  forget_rate: z.number().default(0.1).describe("Share lost before every update"),
});
type Config = z.output<typeof config>;

const innerSize = ({ symbols, hidden_size }: Config) => 3 * symbols + hidden_size;

const layersOf = (config: Config) => [
  { name: "linear0", role: "hidden", post: innerSize(config), pre: 3 * config.symbols },
  { name: "linear1", role: "hidden", post: innerSize(config), pre: innerSize(config) },
  { name: "i2o", role: "output", post: config.symbols, pre: innerSize(config) },
] as const;

/** The network with an ideal memory of neighbouring symbols. */
export const withMemory: Model<Partial<Config>> = defineModel({
  name: "ethereal_with_memory",
  summary: "Ethereal RNN that is given a delta-rule memory of neighbouring symbols",
  config,
  fromTask: ["symbols"],
  features: ["fastWeights"],
  parameters(config) {
    const { plast_proportion: share, forget_rate: value, plast_clip } = config;
    const declarations: Record<string, Declaration> = {
      plast_clip: scalar(plast_clip, { trained: false }),
    };
    for (const { name, post, pre } of layersOf(config)) {
      const mask = `${name}/mask`, bound = pre ** -0.5;
      declarations[`${name}/weight`] = matrix(post, pre, xavierUniform, { fast: true });
      declarations[`${name}/bias`] = vector(post, uniform(-bound, bound));
      declarations[mask] = matrix(post, pre, bernoulli(share), { trained: false });
      const forgetting = bernoulli(share, { value, name: mask });
      declarations[`${name}/forgetting`] = matrix(post, pre, forgetting, { trained: false });
    }
    return declarations;
  },
  state: ({ symbols }) => ({
    previous: vector(symbols),
    memory: matrix(symbols, symbols, constantValue(0)),
  }),
  inputs: () => ({ symbol: [] as const }),
  step(parameters: ValuesOf<Record<string, Declaration>>, { previous, memory }, { symbol }, config) {
    const now = oneHot(symbol, config.symbols);
    const recalled = matvec(memory, now);
    const [first, second, last] = layersOf(config).map(({ name, role }) => (input: typeof now) => {
      const of = (what: string) => parameters[`${name}/${what}`]!;
      const mask = of("mask");
      const plasticity = {
        mask,
        rate: where(mask, parameters["plast_clip"]!, 1),
        forgetting: of("forgetting"),
      };
      return linear(name, { weight: of("weight"), bias: of("bias"), input, role, plasticity });
    });
    const inner = gelu(second!(gelu(first!(concat(now, previous, recalled)))));
    return {
      state: { previous: now, memory: add(memory, outer(sub(previous, recalled), now)) },
      output: last!(inner),
    };
  },
});
