/**
 * Hybrid memory networks: multiplicative and additive plasticity with four readouts.
 *
 * A plastic layer of kind k with input p (pre) has slow W, b and a fast P, 0 at the start of a movie:
 *
 *   M: a = (W ∘ P) p + W p + b     A: a = (W + P) p + b     y = f(a)
 *   P <- σ(λ) P + η ∘ (y ⊗ p)
 *
 * W, b, λ (one number per layer) and η are trained. η is a full matrix (rate 1), a column [post, 1] (0.5)
 * or one number (0). The probability is σ(w_final y + b_final); the output is its logit.
 *
 * | network | layers |
 * |---|---|
 * | Memo | all plastic; f = tanh, the last one σ |
 * | Dyn_RO | as Memo, but layers after the first use P <- η ∘ (y ⊗ p), without decay |
 * | Nonl_RO | the first plastic with tanh, the others σ(W p + b) |
 * | Stack | all read the input, all σ, outputs joined |
 *
 * Published first values: Xavier normal, λ 1, a single η -0.5. In trained networks the signs of η oppose
 * those of W; with `initial_rates` they do so from the start.
 *
 * Source: the continual scene detection experiments; the multiplicative rule is that of MPN
 * (Aitken and Mihalas, 2023), the additive one of HebbFF (Tyulmankov, Yang and Abbott, 2022).
 */
import { z } from "../deps/zod.ts";
import { type Declaration, matrix, vector } from "../core/program/declaration.ts";
import type { Value } from "../core/program/elementwise.ts";
import {
  constantValue,
  drawnAs,
  type Initializer,
  opposite,
  xavierNormal,
} from "../core/program/initializer.ts";
import {
  add,
  concat,
  matvec,
  mul,
  outer,
  reshape,
  row,
  sigmoid,
  sum,
  tanh,
} from "../core/program/language.ts";
import { defineModel, type Model } from "../core/program/model.ts";
import type { HybridSettings } from "./settings.ts";

const config = z.strictObject({
  inputs: z.int().min(1).max(8192).default(25).describe("I, values of a frame; given by the task"),
  network_type: z.enum(["Memo", "Dyn_RO", "Nonl_RO", "Stack"]).default("Memo").describe("Readout"),
  plastic_types: z.array(z.enum(["M", "A"])).min(1).max(16).default(["M", "A"]).describe(
    "Kind of each plastic layer: multiplicative or additive",
  ),
  hidden_dims: z.array(z.int().min(1).max(8192)).min(1).max(16).default([50, 50]).describe(
    "Units of each layer",
  ),
  hetero_rates: z.array(z.literal([1, 0.5, 0])).min(1).max(16).default([1, 1]).describe(
    "Rates η of each plastic layer: 1 a matrix, 0.5 a column, 0 one number",
  ),
  out_dim: z.literal(1).default(1).describe("Outputs; the task asks for one"),
  initial_rates: z.enum(["anti_hebbian", "random"]).optional().describe(
    "Signs of the first rates η: such that what is familiar excites a unit less, or random as published; of a matrix, and of a column of an additive layer (default: random for Nonl_RO, anti_hebbian for the others)",
  ),
}).superRefine(({ network_type, plastic_types, hidden_dims, hetero_rates }, context) => {
  const plastic = network_type === "Nonl_RO" ? 1 : hidden_dims.length;
  const layers = network_type === "Nonl_RO"
    ? "for the first layer of Nonl_RO, its plastic one"
    : `one for each layer of ${network_type} (hidden_dims has ${plastic})`;
  const expect = (path: string, length: number) => {
    if (length === plastic) return;
    const message = `expected a list of ${plastic}, ${layers}`;
    context.addIssue({ code: "custom", path: [path], message });
  };
  expect("plastic_types", plastic_types.length);
  expect("hetero_rates", hetero_rates.length);
});
type Config = z.output<typeof config>;

/** One layer; `kind` and `rate` are undefined if it is not plastic. */
interface Layer {
  readonly post: number;
  readonly pre: number;
  readonly plastic: boolean;
  readonly kind: "M" | "A" | undefined;
  readonly rate: 1 | 0.5 | 0 | undefined;
}

function layersOf(
  { inputs, network_type, plastic_types, hidden_dims, hetero_rates }: Config,
): Layer[] {
  return hidden_dims.map((post, index) => ({
    post,
    pre: index === 0 || network_type === "Stack" ? inputs : hidden_dims[index - 1]!,
    plastic: index === 0 || network_type !== "Nonl_RO",
    kind: plastic_types[index],
    rate: hetero_rates[index],
  }));
}

/**
 * Xavier normal, with signs that lower the response of a unit to an input x that it has met before. A trace
 * adds Σ_s y(s) (Σ_j c_j x_j(s) x_j) to the activation, with c = W ∘ η in a multiplicative layer and c = η in
 * an additive one. So every c_j has to be negative. Random signs have to be learned, unit by unit.
 */
const antiHebbian = (weight: string, { kind }: Layer): Initializer =>
  opposite(xavierNormal, kind === "M" ? drawnAs(weight, xavierNormal) : constantValue(1));

/** The first η of a layer. A column of a multiplicative layer is random: its weights have both signs. */
function rateOf(layer: Layer, index: number, config: Config): Declaration {
  const { post, pre, rate, kind } = layer;
  if (rate === 0) return vector(1, constantValue(-0.5));
  const isSigned = signsOf(config) === "anti_hebbian" && (rate === 1 || kind === "A");
  return matrix(
    post,
    rate === 1 ? pre : 1,
    isSigned ? antiHebbian(weightName(index), layer) : xavierNormal,
    { summary: `plasticity η of layer ${index}: how fast its P learns` },
  );
}

/** The signs of the first η. A readout that is not plastic learns faster with random signs. */
const signsOf = ({ initial_rates, network_type }: Config) =>
  initial_rates ?? (network_type === "Nonl_RO" ? "random" : "anti_hebbian");

const weightName = (index: number) => `weight_matrix_list.${index}`;

/** A value that broadcasts over a matrix: a vector(1) becomes a matrix(1, 1), a column stays. */
const spreadable = (value: Value): Value => value.shape.length === 1 ? row(value) : value;

/** The activation function of a layer: σ where its output is read, tanh before that. */
function activationOf(index: number, { network_type, hidden_dims }: Config) {
  const isLast = index === hidden_dims.length - 1;
  switch (network_type) {
    case "Stack":
      return sigmoid;
    case "Nonl_RO":
      return index === 0 ? tanh : sigmoid;
    default:
      return isLast ? sigmoid : tanh;
  }
}

/** One step of a plastic layer: its output, the weights W ∘ P + W or W + P that it used, and the next P. */
function plasticStep(
  { kind }: Layer,
  { weight, bias, input, squash, trace, eta, lambda, keepsTrace }: {
    weight: Value;
    bias: Value;
    input: Value;
    squash: (x: Value) => Value;
    trace: Value;
    eta: Value;
    lambda: Value;
    /** Whether P decays; else only what was learned in this step stays. */
    keepsTrace: boolean;
  },
): { output: Value; effective: Value; trace: Value } {
  const effective = kind === "M" ? add(mul(weight, trace), weight) : add(weight, trace);
  const output = squash(add(matvec(effective, input), bias));
  const learned = mul(spreadable(eta), outer(output, input));
  const decay = spreadable(sigmoid(lambda));
  return { output, effective, trace: keepsTrace ? add(mul(decay, trace), learned) : learned };
}

/**
 * Hybrid memory networks. Read a `frame` [I] a step; the output is one logit: has this been seen?
 *
 * @example
 * const model = hybrid.instantiate({ inputs: 25, network_type: "Stack" });
 * updaters.bptt.build({ model, loss: binaryCrossEntropy, extents }, { learning_rate: 1e-3 });
 */
export const hybrid: Model<HybridSettings> = defineModel({
  name: "hybrid",
  summary: "Hybrid memory network: multiplicative and additive plasticity, four readouts",
  config,
  fromTask: ["inputs"],
  small: { hidden_dims: [5, 3] },
  parameters(config) {
    const declarations: Record<string, Declaration> = {};
    layersOf(config).forEach((layer, index) => {
      declarations[weightName(index)] = matrix(layer.post, layer.pre, xavierNormal, {
        summary: `W of layer ${index}, from its input to its units`,
      });
      declarations[`bias_matrix_list.${index}`] = matrix(layer.post, 1, xavierNormal, {
        summary: `bias b of layer ${index}`,
      });
      if (!layer.plastic) return;
      declarations[`eta_matrix_list.${index}`] = rateOf(layer, index, config);
      declarations[`lambda_list.${index}`] = vector(1, constantValue(1));
    });
    const { network_type, hidden_dims } = config;
    const readout = network_type === "Stack"
      ? hidden_dims.reduce((a, b) => a + b)
      : hidden_dims.at(-1)!;
    declarations["w_final"] = matrix(1, readout, xavierNormal, {
      summary: "from the last layer to the answer",
    });
    declarations["b_final"] = matrix(1, 1, xavierNormal, { summary: "bias of the answer" });
    return declarations;
  },
  state(config) {
    const plastic = layersOf(config).flatMap((layer, index) =>
      layer.plastic ? [{ ...layer, index }] : []
    );
    return Object.fromEntries(
      plastic.map(({ post, pre, index }) => [`plastic_${index}`, matrix(post, pre)]),
    );
  },
  inputs: ({ inputs }) => ({ frame: [inputs] as const }),
  step(parameters, state, { frame }, config) {
    const next: Record<string, Value> = {};
    const observed: Record<string, Value> = {};
    const outputs: Value[] = [];
    const isStack = config.network_type === "Stack";
    let pre = frame;
    layersOf(config).forEach((layer, index) => {
      const input = isStack ? frame : pre;
      const weight = parameters[weightName(index)]!;
      const bias = reshape(parameters[`bias_matrix_list.${index}`]!, [layer.post]);
      const squash = activationOf(index, config);
      if (!layer.plastic) {
        pre = squash(add(matvec(weight, input), bias));
        observed[`hidden_${index}`] = pre;
        return;
      }
      const { output, effective, trace } = plasticStep(layer, {
        weight,
        bias,
        input,
        squash,
        trace: state[`plastic_${index}`]!,
        eta: parameters[`eta_matrix_list.${index}`]!,
        lambda: parameters[`lambda_list.${index}`]!,
        keepsTrace: config.network_type !== "Dyn_RO" || index === 0,
      });
      next[`plastic_${index}`] = trace;
      observed[`hidden_${index}`] = output;
      observed[`effective_${index}`] = effective;
      outputs.push(output);
      pre = output;
    });
    const features = isStack ? concat(...outputs) : pre;
    const logit = add(sum(matvec(parameters["w_final"]!, features)), sum(parameters["b_final"]!));
    return { state: next, output: logit, observed };
  },
});
