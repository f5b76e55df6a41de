/**
 * Named sets of settings. A preset names a task, a model and an updater, which count unless others are
 * chosen, and holds settings by entry. An entry that it does not list keeps its own defaults.
 */
import type { EntryNames } from "./run_config.ts";

type Settings = Readonly<Record<string, unknown>>;

export interface Preset {
  readonly summary: string;
  readonly names: EntryNames;
  /**
   * Tasks that select this preset unless one is named. If the task selects none, the model does: the
   * first preset with this list that has settings for it.
   */
  readonly tasks?: readonly string[];
  /** Settings of models, by name. */
  readonly models: Readonly<Record<string, Settings>>;
  /** Settings of updaters, by name. */
  readonly updaters: Readonly<Record<string, Settings>>;
  /** Settings of the training, by model. */
  readonly trainings: Readonly<Record<string, Settings>>;
}

const publishedUpdate = {
  learning_rate: 0.005,
  grad_clip: 0.1,
  clip_weights: 1,
  normalize: true,
};
const publishedTraining = { batch_size: 4, early_stop_loss: 5, early_stop_intervals: 10 };
const attractorTraining = {
  iterations: 2000,
  log_every: 20,
  checkpoint_every: 500,
  evaluation_sequences: 0,
  test_sequences: 100,
};
const goodUpdate = { learning_rate: 0.01, grad_clip: 0, clip_weights: 1, normalize: false };

const sceneTraining = {
  iterations: 100_000,
  log_every: 500,
  checkpoint_every: 2000,
  evaluation_sequences: 0,
  test_sequences: 20,
};

const associativeUpdate = {
  optimizer: "adam",
  learning_rate: 0.01,
  learning_rate_half_time: 1000,
};
const publishedAdam = { optimizer: "adam_published", learning_rate: 0.0003 };
// No episode comes twice, and each is judged before its update: held-out episodes would tell the same.
const associativeTraining = {
  iterations: 10_000,
  log_every: 20,
  evaluation_sequences: 0,
  test_sequences: 1000,
};

export const presets: Readonly<Record<string, Preset>> = {
  "key-recall": {
    summary: "Learns long_range_memory with fast weights and direct feedback alignment",
    names: { task: "long_range_memory", model: "ethereal", updater: "dfa" },
    models: {
      ethereal: {
        hidden_size: 32,
        num_layers: 2,
        residual_connection: false,
        enable_recurrence: false,
        input_mode: "last_two",
        plast_clip: 350,
        plast_proportion: 0.2,
        forget_rate: 0.1,
        initial_weights: "xavier_uniform",
      },
      rnn: { hidden_size: 64, num_layers: 2, enable_recurrence: true, input_mode: "last_two" },
    },
    updaters: {
      dfa: { ...goodUpdate, self_grad: 0 },
      backprop: goodUpdate,
      bptt: { learning_rate: 0.003, optimizer: "adam" },
    },
    trainings: { rnn: { batch_size: 16 } },
  },
  "reversal": {
    summary:
      "Learns palindromes with fast weights that bind neighbours and direct feedback alignment",
    names: { task: "3_palindrome_vary", model: "binding", updater: "dfa" },
    models: { binding: {} },
    updaters: {
      dfa: { learning_rate: 0.02, activation_derivative: true },
      backprop: { learning_rate: 0.02 },
      bptt: { learning_rate: 0.003, optimizer: "adam" },
    },
    trainings: { binding: { batch_size: 8, iterations: 10_000 } },
  },
  "continual-scene": {
    summary: "Raises R of continual_scene for a hybrid memory network",
    names: { task: "continual_scene", model: "hybrid", updater: "bptt" },
    tasks: ["continual_scene", "single_frame_familiarity"],
    models: { hybrid: {} },
    updaters: {
      bptt: {
        optimizer: "adam",
        learning_rate: 0.003,
        learning_rate_half_time: 30_000,
        learning_rate_decay_power: 2,
        grad_clip: 0.3,
        average_share: 0.02,
      },
    },
    trainings: {
      hybrid: sceneTraining,
    },
  },
  "published-scenes": {
    summary:
      "continual-scene as published: rates η of random signs, Adam with a rate of 0.001 throughout",
    names: { task: "continual_scene", model: "hybrid", updater: "bptt" },
    models: { hybrid: { initial_rates: "random" } },
    updaters: { bptt: { optimizer: "adam", learning_rate: 0.001 } },
    trainings: { hybrid: sceneTraining },
  },
  "auto-associative": {
    summary: "Completes patterns of 28 bits with a plastic RNN, 10,000 episodes",
    names: { task: "auto_associative", model: "plastic_rnn", updater: "bptt" },
    tasks: ["auto_associative"],
    models: { plastic_rnn: {}, oja_rnn: {}, neuromodulated_rnn: {} },
    updaters: { bptt: associativeUpdate, rtrl: associativeUpdate },
    trainings: {
      plastic_rnn: associativeTraining,
      oja_rnn: associativeTraining,
      neuromodulated_rnn: associativeTraining,
    },
  },
  "auto-associative-1000": {
    summary: "Completes patterns of 1000 bits with a plastic RNN that trains its η too",
    names: { task: "auto_associative_1000", model: "plastic_rnn", updater: "bptt" },
    tasks: ["auto_associative_1000"],
    models: {
      plastic_rnn: {
        autapse: true,
        train_eta: true,
        w_deviation: 0.01,
        alpha_initial: "normal",
      },
    },
    updaters: { bptt: { optimizer: "adam", learning_rate: 0.0003 } },
    trainings: {
      plastic_rnn: {
        iterations: 1000,
        log_every: 10,
        evaluation_sequences: 0,
        test_sequences: 50,
      },
    },
  },
  "published-auto-associative": {
    summary:
      "auto-associative with the published optimizer, Adam whose late steps are 10 times larger",
    names: { task: "auto_associative", model: "plastic_rnn", updater: "bptt" },
    models: {},
    updaters: { bptt: publishedAdam, rtrl: publishedAdam },
    trainings: { plastic_rnn: associativeTraining },
  },
  attractor: {
    summary: "Holds 5 patterns of 64 bits, without self-excitation, all of them in every update",
    names: { task: "attractor", model: "attractor", updater: "bptt" },
    tasks: ["attractor"],
    models: { attractor: {} },
    updaters: { bptt: { optimizer: "adam", learning_rate: 0.01, l2: 1e-6 } },
    trainings: { attractor: attractorTraining },
  },
  "published-attractor": {
    summary: "attractor as published: one pattern an update, free diagonal, absolute overlap",
    names: { task: "attractor", model: "attractor", updater: "bptt" },
    models: { attractor: { zero_diagonal: false, signed_overlap: false, margin: 0 } },
    updaters: { bptt: { optimizer: "adam", learning_rate: 0.005, l2: 1e-6 } },
    trainings: { attractor: { ...attractorTraining, batch_size: 1 } },
  },
  published: {
    summary: "The published defaults; they are kept for comparison and do not learn well",
    names: { task: "long_range_memory", model: "ethereal", updater: "dfa" },
    models: {
      ethereal: {
        hidden_size: 128,
        num_layers: 3,
        residual_connection: true,
        enable_recurrence: true,
        input_mode: "last_two",
        positional_encoding_dim: 0,
        plast_clip: 0.005,
        plast_proportion: 0.2,
        forget_rate: 0,
        initial_weights: "zero",
      },
      rnn: {
        hidden_size: 128,
        num_layers: 3,
        enable_recurrence: true,
        input_mode: "last_two",
      },
    },
    updaters: {
      dfa: { ...publishedUpdate, self_grad: 0 },
      backprop: publishedUpdate,
      bptt: publishedUpdate,
    },
    trainings: { ethereal: publishedTraining, rnn: publishedTraining },
  },
};

export const defaultPreset = "key-recall";
