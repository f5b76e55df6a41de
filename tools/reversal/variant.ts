/**
 * The Ethereal RNN without recurrence and residual (`models/ethereal.ts`), changed in one thing:
 *
 * - `mask`: where the highly plastic weights of the second layer are. `random`: anywhere, as published;
 *   `units`: all weights of some units; `inputs`: those of all units from some inputs.
 * - `memory`: z_0 = [x_t ; x_{t-1} ; r_t] also holds what an ideal memory M [C, C] recalls,
 *
 *       r_t = M x_t;  M <- M + (x_{t-1} - r_t) ⊗ x_t,
 *
 *   which binds the previous symbol under the current one by the delta rule (Widrow and Hoff, 1960).
 */
import {
  add,
  bernoulli,
  computed,
  concat,
  type Declaration,
  defineModel,
  gelu,
  type Initializer,
  linear,
  matrix,
  matvec,
  type Model,
  mul,
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
  hidden_size: z.int().min(0).default(64).describe("Units of a layer beyond the size of its input"),
  plast_clip: z.number().default(3500).describe("Update factor of highly plastic weights"),
  plast_proportion: z.number().default(0.1).describe("Share of highly plastic weights"),
  forget_rate: z.number().default(0.1).describe("Share of them lost before every update"),
  mask: z.enum(["random", "units", "inputs"]).default("random").describe(
    "Highly plastic weights of the second layer: anywhere, of some units, or from some inputs",
  ),
  memory: z.boolean().default(false).describe("Give the network a memory of neighbouring symbols"),
});
type Config = z.output<typeof config>;

const inputSize = ({ symbols, memory }: Config) => symbols * (memory ? 3 : 2);

function layersOf(config: Config) {
  const inner = inputSize(config) + config.hidden_size;
  return [
    { name: "linear0", role: "hidden", post: inner, pre: inputSize(config), mask: "random" },
    { name: "linear1", role: "hidden", post: inner, pre: inner, mask: config.mask },
    { name: "i2o", role: "output", post: config.symbols, pre: inner, mask: "random" },
  ] as const;
}

/** Whether the i-th of many is one of an evenly spaced share. */
const isChosen = (i: number, share: number) => Math.floor((i + 1) * share) > Math.floor(i * share);

function maskOf(kind: Config["mask"], share: number): Initializer {
  if (kind === "random") return bernoulli(share);
  return computed((out, { shape: [, pre] }) =>
    out.forEach((_, k) => {
      const line = kind === "units" ? Math.floor(k / pre!) : k % pre!;
      out[k] = Number(isChosen(line, share));
    })
  );
}

/** The variant. Reads one `symbol` at each step; its output [C] is a logit of each symbol. */
export const variant: Model<Partial<Config>> = defineModel({
  name: "ethereal_variant",
  summary: "Ethereal RNN with a mask of another kind, or with a memory of neighbouring symbols",
  config,
  fromTask: ["symbols"],
  features: ["fastWeights"],
  parameters(config) {
    const declarations: Record<string, Declaration> = {
      plast_clip: scalar(config.plast_clip, { trained: false }),
      forget_rate: scalar(config.forget_rate, { trained: false }),
    };
    for (const { name, post, pre, mask } of layersOf(config)) {
      const first = maskOf(mask, config.plast_proportion);
      declarations[`${name}/weight`] = matrix(post, pre, xavierUniform, { fast: true });
      declarations[`${name}/bias`] = vector(post, uniform(-(pre ** -0.5), pre ** -0.5));
      declarations[`${name}/mask`] = matrix(post, pre, first, { trained: false });
    }
    return declarations;
  },
  state: ({ symbols }) => ({ previous: vector(symbols), memory: matrix(symbols, symbols) }),
  inputs: () => ({ symbol: [] as const }),
  step(
    parameters: ValuesOf<Record<string, Declaration>>,
    { previous, memory },
    { symbol },
    config,
  ) {
    const now = oneHot(symbol, config.symbols);
    const recalled = matvec(memory, now);
    let inner = concat(now, previous, ...config.memory ? [recalled] : []);
    for (const { name, role } of layersOf(config)) {
      const parameter = (what: string) => parameters[`${name}/${what}`]!;
      const mask = parameter("mask");
      const plasticity = {
        mask,
        rate: where(mask, parameters["plast_clip"]!, 1),
        forgetting: mul(mask, parameters["forget_rate"]!),
      };
      const [weight, bias] = [parameter("weight"), parameter("bias")];
      const sums = linear(name, { weight, bias, input: inner, role, plasticity });
      inner = role === "output" ? sums : gelu(sums);
    }
    return {
      state: { previous: now, memory: add(memory, outer(sub(previous, recalled), now)) },
      output: inner,
    };
  },
});
