/**
 * Binding network: no recurrence; its fast weights bind the features of neighbouring symbols by the delta rule.
 *
 *   u_t = tanh(W_u x_t + b_u), features of the symbol at step t
 *   k_n(a_1, ..., a_n) = unit(relu(W_n [a_1 ; ... ; a_n] + b_n)), a key made of n of them
 *
 * At each step a memory F_n (forward) is asked what came after the last n symbols, and a memory R_n
 * (backward) what came before them, when they were met in the other order:
 *
 *   f_n = F_n k_n(u_t, ..., u_{t-n+1}),  r_n = R_n k_n(u_t, ..., u_{t-n+1})
 *
 * Then both learn the newest symbol and its neighbours. The step reads what was bound before it:
 *
 *   F_n <- κ F_n + β (u_t - F_n k) ⊗ k,      k = k_n(u_{t-1}, ..., u_{t-n})
 *   R_n <- κ R_n + β (u_{t-n} - R_n k) ⊗ k,  k = k_n(u_{t-n+1}, ..., u_t)
 *
 * The network reads the window and what was recalled:
 *
 *   z_0 = [u_t ; u_{t-1} ; f ; r],  z_l = gelu(W_l z_{l-1} + b_l),  logits = W_i2o [z_L ; z_0] + b_i2o
 *
 * Keys are sparse at first, b_n = -θ and W_n ~ N(0, 4 / pre), so that keys of different symbols hardly overlap
 * and bindings do not disturb each other (pattern separation).
 *
 * What a write needs is in the synapse: pre is the key, post the difference of what is there and what the
 * memory expected. Slow weights W, b are shared by all sequences and trained by any updater; with dfa
 * nothing flows back through layers or time. Memories start at 0 in each sequence.
 *
 * Sources: the delta rule of B. Widrow and M. Hoff, "Adaptive switching circuits" (1960), as the write of
 * fast weights in I. Schlag, K. Irie and J. Schmidhuber, "Linear transformers are secretly fast weight
 * programmers" (ICML 2021). Binding to both neighbours, and keys of several symbols, are ours.
 */
import { z } from "../deps/zod.ts";
import { type Declaration, matrix, scalar, vector } from "../core/program/declaration.ts";
import { constantValue, type Initializer, normal } from "../core/program/initializer.ts";
import {
  add,
  concat,
  gelu,
  matvec,
  mul,
  normalize,
  oneHot,
  outer,
  relu,
  sub,
  tanh,
} from "../core/program/language.ts";
import { linear } from "../core/program/linear.ts";
import { defineModel, type Model } from "../core/program/model.ts";
import type { Value } from "../core/program/elementwise.ts";
import type { BindingSettings } from "./settings.ts";

/** Numbers of symbols that keys are made of: each has a memory. */
const lengths = (what: string) =>
  z.array(z.int().min(1).max(8)).max(8).refine((all) => new Set(all).size === all.length, {
    error: "expected each number once",
  }).default([1, 2]).describe(`Symbols in a key, of each memory of ${what}; [] for none`);

const config = z.strictObject({
  symbols: z.int().min(2).max(4096).describe("C, symbols of the alphabet; given by the task"),
  feature_size: z.int().min(1).max(8192).default(32).describe("Features of a symbol"),
  key_size: z.int().min(1).max(8192).default(128).describe("Features of a key"),
  key_threshold: z.number().min(0).max(10).default(1).describe(
    "Minus the first biases of keys: the larger, the fewer features of a key are active",
  ),
  hidden_size: z.int().min(1).max(8192).default(64).describe("H, units of an inner layer"),
  num_layers: z.int().min(0).max(32).default(1).describe(
    "L, inner layers that read what is recalled",
  ),
  input_mode: z.enum(["last_one", "last_two"]).default("last_two").describe(
    "The inner layers read the current symbol, or also the previous one",
  ),
  forward: lengths("what comes after"),
  backward: lengths("what came before"),
  learned_features: z.boolean().default(true).describe(
    "Train the features of symbols and keys; off: they stay as they were drawn",
  ),
  write: z.enum(["delta", "hebb"]).default("delta").describe(
    "What is bound: the difference from what is recalled, or all of it",
  ),
  write_rate: z.number().min(0).max(2).default(1).describe("β, share of it that a write corrects"),
  keep: z.number().min(0).max(1).default(1).describe("κ, what a memory keeps in a step"),
});
type Config = z.output<typeof config>;

/** Symbols whose features the inner layers read. */
const windowSize = ({ input_mode }: Config): number => input_mode === "last_two" ? 2 : 1;

/** States that hold u_{t-1}, u_{t-2}, ..., as far back as anything reads them. */
const pastFeatures = (config: Config): string[] => {
  const length = Math.max(windowSize(config) - 1, ...config.forward, ...config.backward);
  return Array.from({ length }, (_, index) => `feature${index + 1}`);
};

/** The different lengths of keys; memories of one length share their keys. */
const keyLengths = ({ forward, backward }: Config): number[] =>
  [...new Set([...forward, ...backward])].sort((a, b) => a - b);

/** What a write binds: a value under the key of some features. */
interface Binding {
  readonly value: Value;
  readonly keyed: readonly Value[];
}

/** A memory [features, key]. */
interface Memory {
  readonly name: string;
  /** n, symbols in its keys. */
  readonly n: number;
  /** What it learns at step t, of the features u_t, u_{t-1}, ... */
  readonly bindingOf: (recent: readonly Value[]) => Binding;
}

const memoriesOf = ({ forward, backward }: Config): Memory[] => [
  ...forward.map((n) => ({
    name: `forward${n}`,
    n,
    bindingOf: (recent: readonly Value[]) => ({
      value: recent[0]!,
      keyed: recent.slice(1, n + 1),
    }),
  })),
  ...backward.map((n) => ({
    name: `backward${n}`,
    n,
    bindingOf: (recent: readonly Value[]) => ({
      value: recent[n]!,
      keyed: recent.slice(0, n).toReversed(),
    }),
  })),
];

/** Slow layers, by name: [post, pre]. */
function layersOf(config: Config): Record<string, readonly [post: number, pre: number]> {
  const { symbols, feature_size: features, key_size, hidden_size, num_layers } = config;
  const first = (windowSize(config) + memoriesOf(config).length) * features;
  return {
    embed: [features, symbols],
    ...Object.fromEntries(keyLengths(config).map((n) => [`key${n}`, [key_size, n * features]])),
    ...Object.fromEntries(
      Array.from({ length: num_layers }, (_, index) => [
        `linear${index}`,
        [hidden_size, index === 0 ? first : hidden_size],
      ]),
    ),
    i2o: [symbols, first + (num_layers > 0 ? hidden_size : 0)],
  };
}

/** Whether a layer makes the features of symbols or keys. */
const isFeature = (layer: string) => layer === "embed" || layer.startsWith("key");

/** What a layer leads from and to, in words. */
function summaryOf(layer: string): string {
  const number = Number(/\d*$/.exec(layer)![0]);
  if (layer === "embed") return "from the symbol to its features";
  if (layer.startsWith("key")) {
    return `from the features of the last ${
      number === 1 ? "symbol" : `${number} symbols`
    } to a key`;
  }
  if (layer === "i2o") {
    return "from features, what is recalled and the last inner layer to the output, a logit a symbol";
  }
  return number === 0
    ? "from features and what is recalled to the first inner layer"
    : `from inner layer ${number} to inner layer ${number + 1}`;
}

/** What weights and biases of a layer are at first. */
function firstValues(
  layer: string,
  { pre, threshold }: { readonly pre: number; readonly threshold: number },
): { readonly weight: Initializer; readonly bias: number } {
  if (layer === "i2o") return { weight: constantValue(0), bias: 0 };
  // One symbol excites a single column of `embed`; other layers add up many inputs.
  if (layer === "embed") return { weight: normal(1), bias: 0 };
  const scale = 1 / Math.sqrt(pre);
  return layer.startsWith("key")
    ? { weight: normal(2 * scale), bias: -threshold }
    : { weight: normal(scale), bias: 0 };
}

/** The slow layers of a network. */
function slowLayers(parameters: Readonly<Record<string, Value>>) {
  const weightsOf = (name: string) => ({
    weight: parameters[`${name}/weight`]!,
    bias: parameters[`${name}/bias`]!,
  });
  return {
    hidden: (name: string, input: Value, activation: (x: Value) => Value) =>
      linear(name, { ...weightsOf(name), input, activation }),
    output: (name: string, input: Value) =>
      linear(name, { ...weightsOf(name), input, role: "output" }),
    /** The key of a write is no layer of its own: the layer learns from what its reads are good for. */
    keyOfWrite(keyed: readonly Value[]): Value {
      const { weight, bias } = weightsOf(`key${keyed.length}`);
      return normalize(relu(add(matvec(weight, concat(...keyed)), bias)));
    },
  };
}

/**
 * The binding network. Reads one `symbol` (0 to C - 1) at each step. Its output [C] is a logit of each symbol.
 *
 * @example
 * const model = binding.instantiate({ symbols: 9 });
 * updaters.dfa.build({ model, loss: crossEntropy, extents }, { learning_rate: 0.03, activation_derivative: true });
 */
export const binding: Model<BindingSettings> = defineModel({
  name: "binding",
  summary: "Fast weights that bind neighbouring features by the delta rule; no recurrence",
  config,
  fromTask: ["symbols"],
  // A key with one active feature has no slope but rounding.
  small: { feature_size: 3, key_size: 5, key_threshold: 0, hidden_size: 4 },
  parameters(config) {
    const declarations: Record<string, Declaration> = {
      write_rate: scalar(config.write_rate, { trained: false }),
      keep: scalar(config.keep, { trained: false }),
    };
    for (const [name, [post, pre]] of Object.entries(layersOf(config))) {
      const { weight, bias } = firstValues(name, { pre, threshold: config.key_threshold });
      const trained = config.learned_features || !isFeature(name);
      declarations[`${name}/weight`] = matrix(post, pre, weight, {
        trained,
        summary: summaryOf(name),
      });
      declarations[`${name}/bias`] = vector(post, constantValue(bias), { trained });
    }
    return declarations;
  },
  state(config) {
    const { feature_size: features, key_size } = config;
    return {
      ...Object.fromEntries(pastFeatures(config).map((name) => [name, vector(features)])),
      ...Object.fromEntries(
        memoriesOf(config).map(({ name }) => [name, matrix(features, key_size)]),
      ),
    };
  },
  inputs: () => ({ symbol: [] as const }),
  step(parameters, state, { symbol }, config) {
    const [rate, keep] = [parameters.write_rate!, parameters.keep!];
    const layers = slowLayers(parameters);
    const past = pastFeatures(config);
    const now = layers.hidden("embed", oneHot(symbol, config.symbols), tanh);
    const recent = [now, ...past.map((name) => state[name]!)];
    const keys = new Map(
      keyLengths(config).map((n) => {
        const raw = layers.hidden(`key${n}`, concat(...recent.slice(0, n)), relu);
        return [n, normalize(raw)];
      }),
    );

    const next: Record<string, Value> = {};
    const recalled = memoriesOf(config).map(({ name, n, bindingOf }) => {
      const memory = state[name]!;
      const { value, keyed } = bindingOf(recent);
      const key = layers.keyOfWrite(keyed);
      const post = config.write === "delta" ? sub(value, matvec(memory, key)) : value;
      next[name] = add(mul(keep, memory), outer(mul(rate, post), key));
      return matvec(memory, keys.get(n)!);
    });
    past.forEach((name, index) => next[name] = recent[index]!);

    const read = concat(...recent.slice(0, windowSize(config)), ...recalled);
    let inner = read;
    for (let index = 0; index < config.num_layers; index++) {
      inner = layers.hidden(`linear${index}`, inner, gelu);
    }
    const input = config.num_layers > 0 ? concat(inner, read) : read;
    return { state: next, output: layers.output("i2o", input) };
  },
});
