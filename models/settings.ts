/**
 * Types of the settings of every model, as a user gives them. Written by
 * `deno task settings` from the schemas of the table.
 */

/** Settings of `ethereal` (model); one with a default may be left out. */
export interface EtherealSettings {
  /** C, symbols of the alphabet; given by the task. */
  readonly symbols?: number;
  /** H, recurrent units. Default: 64. */
  readonly hidden_size?: number;
  /** L, inner layers of size I + H. Default: 2. */
  readonly num_layers?: number;
  /** Add the first layer's input to z. Default: true. */
  readonly residual_connection?: boolean;
  /** Feed h back; off: h is 0. Default: false. */
  readonly enable_recurrence?: boolean;
  /** Input: the current symbol, or also the previous one. Default: "last_one". */
  readonly input_mode?: "last_one" | "last_two";
  /** D, size of the sinusoidal position (even; 0: none). Default: 0. */
  readonly positional_encoding_dim?: number;
  /**
   * What the output layer reads: the last inner layer, as the state does, or the state h. Default:
   * "forked".
   */
  readonly layout?: "forked" | "tapped";
  /** Let the output layer read tanh of the last inner layer; layout forked only. Default: false. */
  readonly output_tanh?: boolean;
  /** Update factor of highly plastic weights. Default: 1000. */
  readonly plast_clip?: number;
  /** Share of highly plastic weights. Default: 0.2. */
  readonly plast_proportion?: number;
  /** Share of a highly plastic weight lost in every update. Default: 0.1. */
  readonly forget_rate?: number;
  /**
   * First weights: Xavier uniform or normal, uniform within ±1/sqrt(fan in), or 0 as published.
   * Default: "xavier_uniform".
   */
  readonly initial_weights?: "xavier_uniform" | "xavier" | "uniform" | "zero";
}

/** Settings of `rnn` (model); one with a default may be left out. */
export interface RnnSettings {
  /** C, symbols of the alphabet; given by the task. */
  readonly symbols?: number;
  /** H, units of every layer. Default: 64. */
  readonly hidden_size?: number;
  /** L, inner layers. Default: 2. */
  readonly num_layers?: number;
  /** Feed h back; off: h is 0. Default: true. */
  readonly enable_recurrence?: boolean;
  /**
   * First weights of the layers from a state to the next: uniform within ±1/sqrt(fan in), or
   * orthogonal, which keep the size of activity and gradients through time. Default: "uniform".
   */
  readonly recurrent_initial?: "uniform" | "orthogonal";
  /** Input: the current symbol, or also the previous one. Default: "last_one". */
  readonly input_mode?: "last_one" | "last_two";
  /** D, size of the sinusoidal position (even; 0: none). Default: 0. */
  readonly positional_encoding_dim?: number;
  /**
   * What the output layer reads: the last inner layer, as the state does, or the state h. Default:
   * "forked".
   */
  readonly layout?: "forked" | "tapped";
  /** Let the output layer read tanh of the last inner layer; layout forked only. Default: false. */
  readonly output_tanh?: boolean;
}

/** Settings of `hybrid` (model); one with a default may be left out. */
export interface HybridSettings {
  /** I, values of a frame; given by the task. Default: 25. */
  readonly inputs?: number;
  /** Readout. Default: "Memo". */
  readonly network_type?: "Memo" | "Dyn_RO" | "Nonl_RO" | "Stack";
  /** Kind of each plastic layer: multiplicative or additive. Default: ["M", "A"]. */
  readonly plastic_types?: readonly ("M" | "A")[];
  /** Units of each layer. Default: [50, 50]. */
  readonly hidden_dims?: readonly number[];
  /** Rates η of each plastic layer: 1 a matrix, 0.5 a column, 0 one number. Default: [1, 1]. */
  readonly hetero_rates?: readonly (1 | 0.5 | 0)[];
  /** Outputs; the task asks for one. Default: 1. */
  readonly out_dim?: 1;
  /**
   * Signs of the first rates η: such that what is familiar excites a unit less, or random as
   * published; of a matrix, and of a column of an additive layer (default: random for Nonl_RO,
   * anti_hebbian for the others).
   */
  readonly initial_rates?: "anti_hebbian" | "random";
}

/** Settings of `plastic_rnn` (model); one with a default may be left out. */
export interface PlasticRnnSettings {
  /** N, neurons, each with an input. Default: 29. */
  readonly inputs?: number;
  /** Train α; without, it stays 0. Default: true. */
  readonly plasticity?: boolean;
  /** Let connections of neurons to themselves be plastic. Default: false. */
  readonly autapse?: boolean;
  /** Standard deviation of w at first (default: 1.1 / sqrt(N)). */
  readonly w_deviation?: number;
  /** Size of α at first. Default: 0.01. */
  readonly alpha_scale?: number;
  /** α at first: uniform from 0 to its size, or normal around 0. Default: "uniform". */
  readonly alpha_initial?: "uniform" | "normal";
  /** η, what the trace keeps in a step. Default: 0.99. */
  readonly eta?: number;
  /** Train η as well. Default: false. */
  readonly train_eta?: boolean;
}

/** Settings of `oja_rnn` (model); one with a default may be left out. */
export interface OjaRnnSettings {
  /** N, neurons, each with an input. Default: 29. */
  readonly inputs?: number;
  /** Train α; without, it stays 0. Default: true. */
  readonly plasticity?: boolean;
  /** Let connections of neurons to themselves be plastic. Default: false. */
  readonly autapse?: boolean;
  /** Standard deviation of w at first (default: 1.1 / sqrt(N)). */
  readonly w_deviation?: number;
  /** Size of α at first. Default: 0.01. */
  readonly alpha_scale?: number;
  /** α at first: uniform from 0 to its size, or normal around 0. Default: "uniform". */
  readonly alpha_initial?: "uniform" | "normal";
  /** η, how fast the trace changes. Default: 0.01. */
  readonly eta?: number;
  /** Train η as well. Default: false. */
  readonly train_eta?: boolean;
}

/** Settings of `neuromodulated_rnn` (model); one with a default may be left out. */
export interface NeuromodulatedRnnSettings {
  /** N, neurons, each with an input. Default: 29. */
  readonly inputs?: number;
  /** Train α; without, it stays 0. Default: true. */
  readonly plasticity?: boolean;
  /** Let connections of neurons to themselves be plastic. Default: false. */
  readonly autapse?: boolean;
  /** Standard deviation of w at first (default: 1.1 / sqrt(N)). */
  readonly w_deviation?: number;
  /** Size of α at first. Default: 0.01. */
  readonly alpha_scale?: number;
  /** α at first: uniform from 0 to its size, or normal around 0. Default: "uniform". */
  readonly alpha_initial?: "uniform" | "normal";
  /** Standard deviation of the modulator's readout at first. Default: 0.01. */
  readonly modulator_scale?: number;
  /** Bias of the modulator at first: its signal while nothing is active. Default: 0.01. */
  readonly modulator_bias?: number;
}

/** Settings of `attractor` (model); one with a default may be left out. */
export interface AttractorSettings {
  /** N, values of a pattern; given by the task. Default: 64. */
  readonly neurons?: number;
  /**
   * f, the activation function; with relu and linear the activity may grow without bound. Default:
   * "tanh".
   */
  readonly activation?: "tanh" | "sigmoid" | "relu" | "linear";
  /** W = (L + Lᵀ) / 2, which has an energy; off: W = L. Default: true. */
  readonly symmetric?: boolean;
  /**
   * No neuron excites itself; off: W = c I keeps any pattern, without learning it. Default: true.
   */
  readonly zero_diagonal?: boolean;
  /**
   * Overlap m·h/N; off: its absolute value, for which the inverse pattern is as good. Default: true.
   */
  readonly signed_overlap?: boolean;
  /**
   * What a neuron's input from W, and from V, is to exceed in the direction of its bit (0: off, as
   * published). Default: 4.
   */
  readonly margin?: number;
  /** Share of the pairs of neurons that are connected. Default: 1. */
  readonly density?: number;
  /** Deviation of the first L and V. Default: 0.1. */
  readonly initial_deviation?: number;
}

/** Settings of `binding` (model); one with a default may be left out. */
export interface BindingSettings {
  /** C, symbols of the alphabet; given by the task. */
  readonly symbols?: number;
  /** Features of a symbol. Default: 32. */
  readonly feature_size?: number;
  /** Features of a key. Default: 128. */
  readonly key_size?: number;
  /**
   * Minus the first biases of keys: the larger, the fewer features of a key are active. Default: 1.
   */
  readonly key_threshold?: number;
  /** H, units of an inner layer. Default: 64. */
  readonly hidden_size?: number;
  /** L, inner layers that read what is recalled. Default: 1. */
  readonly num_layers?: number;
  /** The inner layers read the current symbol, or also the previous one. Default: "last_two". */
  readonly input_mode?: "last_one" | "last_two";
  /** Symbols in a key, of each memory of what comes after; [] for none. Default: [1, 2]. */
  readonly forward?: readonly number[];
  /** Symbols in a key, of each memory of what came before; [] for none. Default: [1, 2]. */
  readonly backward?: readonly number[];
  /** Train the features of symbols and keys; off: they stay as they were drawn. Default: true. */
  readonly learned_features?: boolean;
  /** What is bound: the difference from what is recalled, or all of it. Default: "delta". */
  readonly write?: "delta" | "hebb";
  /** β, share of it that a write corrects. Default: 1. */
  readonly write_rate?: number;
  /** κ, what a memory keeps in a step. Default: 1. */
  readonly keep?: number;
}
