/**
 * Programs for twin tests, beside those of `table_cases.ts`: odd sizes, and settings that differ from the
 * defaults.
 */
import type { DeviceName } from "../backends/backend.ts";
import { attractorLoss } from "../losses/attractor_loss.ts";
import { binaryCrossEntropy } from "../losses/binary_cross_entropy.ts";
import { crossEntropy } from "../losses/cross_entropy.ts";
import type { Loss } from "../losses/loss.ts";
import type { Model, ModelInstance } from "../program/model.ts";
import type { Program } from "../program/program.ts";
import { patternError } from "../losses/pattern_error.ts";
import type { Extents } from "../axes.ts";
import { ojaLayer, plasticRnn, squaredError } from "./example_models.ts";

/** A learning rule, as far as these cases need it. */
interface Rule {
  build(
    learning: {
      model: ModelInstance;
      loss: Loss;
      extents: Extents;
      device?: DeviceName | undefined;
    },
    config: unknown,
  ): Program;
}

export interface TwinCase {
  readonly name: string;
  readonly program: Program;
  readonly seeds: readonly number[];
  readonly symbols: number;
}

const examples: Readonly<Record<string, Model>> = { plasticRnn, ojaLayer };

interface Row {
  readonly model: string;
  readonly rule: string;
  /** P, B, T. */
  readonly sizes: readonly [number, number, number];
  readonly config: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
  /** That the program is built for. */
  readonly device?: DeviceName;
}

const frames = { inputs: 5 };

const rows: readonly Row[] = [
  {
    model: "ethereal",
    rule: "dfa",
    sizes: [2, 3, 5],
    config: {
      symbols: 4,
      hidden_size: 3,
      num_layers: 2,
      input_mode: "last_two",
      positional_encoding_dim: 2,
      enable_recurrence: true,
      plast_clip: 3,
    },
    options: {
      recurrent_feedback: true,
      self_grad: 0.1,
      grad_clip: 0.05,
      clip_weights: 0.5,
      normalize: true,
    },
  },
  {
    model: "ethereal",
    rule: "dfa",
    sizes: [1, 3, 5],
    config: { symbols: 5, hidden_size: 1, num_layers: 1, enable_recurrence: true, plast_clip: 3 },
    options: { recurrent_feedback: true },
  },
  {
    model: "ethereal",
    rule: "backprop",
    sizes: [1, 1, 5],
    config: {
      symbols: 3,
      hidden_size: 17,
      num_layers: 1,
      plast_clip: 3,
      initial_weights: "xavier",
    },
    options: { normalize: true, clip_weights: 0.9 },
  },
  {
    model: "ethereal",
    rule: "bptt",
    sizes: [2, 3, 5],
    config: {
      symbols: 4,
      hidden_size: 3,
      num_layers: 1,
      enable_recurrence: true,
      positional_encoding_dim: 2,
      residual_connection: false,
    },
  },
  { model: "rnn", rule: "dfa", sizes: [1, 3, 5], config: { symbols: 3, hidden_size: 33 } },
  {
    model: "rnn",
    rule: "backprop",
    sizes: [2, 1, 1],
    config: { symbols: 3, hidden_size: 17, num_layers: 1, input_mode: "last_two" },
    options: { grad_clip: 0.1 },
  },
  {
    model: "rnn",
    rule: "bptt",
    sizes: [2, 5, 5],
    config: { symbols: 3, hidden_size: 17, num_layers: 1 },
    options: { truncate: 2, optimizer: "adam", grad_clip: 0.1, learning_rate: 0.001 },
  },
  { model: "plasticRnn", rule: "bptt", sizes: [2, 3, 5], config: { neurons: 17 } },
  { model: "plasticRnn", rule: "rtrl", sizes: [2, 1, 5], config: { neurons: 5 } },
  {
    model: "ojaLayer",
    rule: "rtrl",
    sizes: [1, 1, 5],
    config: { neurons: 3 },
    options: { virtual_sequences: 8 },
  },
  {
    model: "rnn",
    rule: "rtrl",
    sizes: [1, 1, 5],
    config: { symbols: 3, hidden_size: 5, num_layers: 1 },
    options: { optimizer: "adam", grad_clip: 0.1, learning_rate: 0.001 },
    device: "gpu",
  },
  { model: "ojaLayer", rule: "bptt", sizes: [1, 1, 5], config: { neurons: 3 } },
  { model: "ojaLayer", rule: "bptt", sizes: [1, 5, 1], config: { neurons: 1 } },
  { model: "hybrid", rule: "bptt", sizes: [2, 1, 5], config: { ...frames, hidden_dims: [5, 3] } },
  {
    model: "hybrid",
    rule: "bptt",
    sizes: [1, 3, 4],
    config: {
      ...frames,
      network_type: "Dyn_RO",
      plastic_types: ["A", "M"],
      hidden_dims: [4, 5],
      hetero_rates: [0.5, 0.5],
    },
  },
  {
    model: "hybrid",
    rule: "bptt",
    sizes: [1, 1, 5],
    config: {
      ...frames,
      network_type: "Nonl_RO",
      plastic_types: ["M"],
      hidden_dims: [3, 4],
      hetero_rates: [0],
    },
    options: { optimizer: "adam", learning_rate: 0.001 },
  },
  {
    model: "hybrid",
    rule: "bptt",
    sizes: [1, 2, 3],
    config: {
      ...frames,
      network_type: "Stack",
      plastic_types: ["M", "A"],
      hidden_dims: [3, 5],
      hetero_rates: [1, 0.5],
    },
    options: { average_share: 0.6, learning_rate: 0.05 },
  },
  {
    model: "hybrid",
    rule: "bptt",
    sizes: [2, 1, 4],
    config: {
      ...frames,
      plastic_types: ["M", "M", "A"],
      hidden_dims: [3, 4, 2],
      hetero_rates: [1, 0.5, 0],
    },
  },
  {
    model: "plastic_rnn",
    rule: "bptt",
    sizes: [2, 3, 5],
    config: { inputs: 7, autapse: true, train_eta: true, alpha_initial: "normal" },
    options: { optimizer: "adam_published", learning_rate: 0.001, l1: 1e-4 },
  },
  {
    model: "plastic_rnn",
    rule: "bptt",
    sizes: [1, 1, 6],
    config: { inputs: 17, eta: 0.7, alpha_scale: 0.5 },
    options: { update_clip: 0.01, learning_rate_half_time: 3 },
  },
  {
    model: "plastic_rnn",
    rule: "bptt",
    sizes: [1, 2, 4],
    config: { inputs: 5, plasticity: false },
  },
  {
    model: "oja_rnn",
    rule: "bptt",
    sizes: [2, 3, 5],
    config: { inputs: 5, eta: 0.3, train_eta: true, alpha_scale: 0.5 },
  },
  {
    model: "neuromodulated_rnn",
    rule: "bptt",
    sizes: [1, 3, 6],
    config: { inputs: 6, modulator_scale: 1, modulator_bias: 0.5, alpha_scale: 0.5 },
  },
  {
    model: "attractor",
    rule: "bptt",
    sizes: [2, 3, 5],
    config: { neurons: 5 },
    options: { optimizer: "adam", learning_rate: 0.005, l2: 1e-3 },
  },
  {
    model: "attractor",
    rule: "bptt",
    sizes: [1, 1, 7],
    config: {
      ...{ neurons: 17, symmetric: false, signed_overlap: false, activation: "sigmoid" },
      density: 0.6,
    },
  },
  {
    model: "binding",
    rule: "bptt",
    sizes: [2, 3, 5],
    config: { symbols: 4, feature_size: 3, key_size: 5, hidden_size: 4, keep: 0.9 },
  },
  {
    model: "binding",
    rule: "dfa",
    sizes: [1, 2, 6],
    config: {
      symbols: 3,
      feature_size: 2,
      key_size: 3,
      num_layers: 0,
      write: "hebb",
      write_rate: 0.5,
    },
    options: { activation_derivative: true },
  },
];

function lossOf({ model, config }: Row): Loss {
  if (model === "attractor") {
    return attractorLoss({
      ...{ alpha: 1, beta: 10, gamma: 0.5, delta: 1, epsilon: 0.5 },
      ...{ steps: 5, kept: 0.99 },
    });
  }
  if ("hidden_dims" in config) return binaryCrossEntropy;
  if ("inputs" in config) return patternError(Number(config["inputs"]) - 1);
  return "neurons" in config ? squaredError(Number(config["neurons"])) : crossEntropy;
}

/** Builds all cases from these tables of models and updaters. */
export function twinCases(
  { models, updaters }: {
    models: Readonly<Record<string, Model>>;
    updaters: Readonly<Record<string, Rule>>;
  },
): TwinCase[] {
  return rows.map((row) => {
    const { model: modelName, rule, sizes, config, options = {}, device } = row;
    const [replicas, sequences, steps] = sizes;
    const symbols = Number(config["symbols"] ?? 2);
    const model = (models[modelName] ?? examples[modelName])!.instantiate(config);
    const loss = lossOf(row);
    const program = updaters[rule]!.build(
      { model, loss, extents: { replicas, sequences, steps }, device },
      { learning_rate: 0.05, ...options },
    );
    const { neurons, hidden_size, hidden_dims, inputs } = config;
    const units = neurons ?? hidden_size ?? (hidden_dims as number[] | undefined)?.join("+") ??
      inputs;
    const name = [modelName, config["network_type"]].filter((part) => part !== undefined).join(" ");
    return {
      name: `${name}, ${rule}, ${units} units, P ${replicas}, B ${sequences}, T ${steps}`,
      program,
      seeds: Array.from({ length: replicas }, (_, p) => 5 + p),
      symbols,
    };
  });
}
