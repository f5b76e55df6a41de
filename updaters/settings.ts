/**
 * Types of the settings of every updater, as a user gives them. Written by
 * `deno task settings` from the schemas of the table.
 */
import type { Optimizer } from "./optimizers/transform.ts";
import type { Schedule } from "./optimizers/schedule.ts";

/** Settings of the optimizer of a rule; one with a default may be left out. */
export interface OptimizerSettings {
  /**
   * Optimizer of slow weights; adam_published lets the second moment decay with .9, which makes late
   * steps 10 times as large. Default: "sgd".
   */
  readonly optimizer?:
    | "sgd"
    | "adam"
    | "adam_published"
    | "adamw"
    | "lion"
    | "nesterov"
    | "rmsprop"
    | Optimizer;
  /**
   * What Adam, AdamW and Lion keep of two running means in an update (default: 0.9,0.999; lion
   * 0.9,0.99).
   */
  readonly betas?: readonly number[];
  /** Added to the root that Adam, AdamW and RMSprop divide by (default: 1e-8). */
  readonly eps?: number;
  /**
   * Share of a weight that is added to its gradient, an L2 penalty; of adamw and lion decoupled from
   * the gradient (default: 0; adamw 0.01).
   */
  readonly weight_decay?: number;
  /**
   * What the velocity of sgd and rmsprop keeps of itself in an update (default: 0; nesterov 0.9).
   */
  readonly momentum?: number;
  /** Let sgd look ahead along its velocity (default: false). */
  readonly nesterov?: boolean;
  /** What the mean square of rmsprop keeps of itself in an update (default: 0.99). */
  readonly alpha?: number;
  /**
   * Let rmsprop divide by the deviation of the gradient, not by its root mean square (default:
   * false).
   */
  readonly centered?: boolean;
  /**
   * What the learning rate of all but highly plastic weights follows while they train. Default:
   * "constant".
   */
  readonly schedule?:
    | "constant"
    | "step"
    | "exponential"
    | "linear"
    | "cosine"
    | "one_cycle"
    | Schedule;
  /**
   * Iterations after which linear, cosine and one_cycle have ended, warm-up included (default: all
   * of the training, also of one that is continued with more).
   */
  readonly schedule_iterations?: number;
  /**
   * Iterations in which the rate first rises in a line to its full value; the schedule follows (0:
   * none). Default: 0.
   */
  readonly warm_up?: number;
  /** Iterations between two steps of schedule step. */
  readonly step_size?: number;
  /** Factor of each step of schedule step (default: 0.1), or of each iteration of exponential. */
  readonly gamma?: number;
  /** Share of the rate that schedules linear and cosine end with (default: 0). */
  readonly end_factor?: number;
  /** Share of schedule one_cycle in which the rate rises (default: 0.3). */
  readonly pct_start?: number;
  /** Schedule one_cycle begins at the rate divided by this (default: 25). */
  readonly div_factor?: number;
  /** It ends where it began, divided by this (default: 10000). */
  readonly final_div_factor?: number;
}

/** Settings of rules that train fast layers; one with a default may be left out. */
export interface FastLayerSettings {
  /** Learning rate of weights and biases. Default: 0.01. */
  readonly learning_rate?: number;
  /**
   * Bound on each update of highly plastic weights; on slow weights, on the norm of the gradient (0:
   * off). Default: 0.
   */
  readonly grad_clip?: number;
  /** Bound on each fast weight, after every update (0: off). Default: 0. */
  readonly clip_weights?: number;
  /** Divide fast weights and their biases by their norm after every update. Default: false. */
  readonly normalize?: boolean;
  /**
   * Whether highly plastic weights forget before or after the change of an update. Default:
   * "before".
   */
  readonly forgetting?: "before" | "after";
  /** Share of each weight that is not highly plastic lost in every update (0: off). Default: 0. */
  readonly slow_weight_decay?: number;
  /**
   * Set highly plastic weights to 0 before each batch of so many; between, each place in the batch
   * keeps its own (0: only before the first). Default: 1.
   */
  readonly wipe_every?: number;
}

/** Settings of `dfa` (updater); one with a default may be left out. */
export interface DfaSettings extends OptimizerSettings, FastLayerSettings {
  /**
   * Bound on each highly plastic weight, after every update and clip_weights (0: off). Default: 0.
   */
  readonly fast_weight_clamp?: number;
  /** What `normalize` takes the norm of fast weights over. Default: "batch". */
  readonly normalize_over?: "batch" | "sequence";
  /**
   * Bound on the norm of each sequence's gradient of fast layers together, before plast_clip (0:
   * off). Default: 0.
   */
  readonly grad_norm_clip?: number;
  /**
   * Divide each sequence's gradient of its fast weights by B, the sequences in a batch. Default:
   * false.
   */
  readonly divide_by_batch?: boolean;
  /** Bound of the self-gradient that is added to the output error (0: off). Default: 0. */
  readonly self_grad?: number;
  /**
   * Train a fast recurrent layer too, through a feedback matrix of its own (slow ones always are).
   * Default: false.
   */
  readonly recurrent_feedback?: boolean;
  /**
   * Multiply the error of inner and recurrent layers by the derivative of their activation function.
   * Default: false.
   */
  readonly activation_derivative?: boolean;
}

/** Settings of `backprop` (updater); one with a default may be left out. */
export interface BackpropSettings extends OptimizerSettings, FastLayerSettings {
  /**
   * Bound on each highly plastic weight, after every update and clip_weights (0: off). Default: 0.
   */
  readonly fast_weight_clamp?: number;
  /** What `normalize` takes the norm of fast weights over. Default: "batch". */
  readonly normalize_over?: "batch" | "sequence";
  /**
   * Bound on the norm of each sequence's gradient of fast layers together, before plast_clip (0:
   * off). Default: 0.
   */
  readonly grad_norm_clip?: number;
  /**
   * Divide each sequence's gradient of its fast weights by B, the sequences in a batch. Default:
   * true.
   */
  readonly divide_by_batch?: boolean;
  /**
   * Multiply updates of highly plastic weights by plast_clip twice, as the published code does.
   * Default: false.
   */
  readonly plasticity_twice?: boolean;
}

/** Settings of `bptt` (updater); one with a default may be left out. */
export interface BpttSettings extends OptimizerSettings, FastLayerSettings {
  /** Batches whose gradients are averaged for one update of slow weights. Default: 1. */
  readonly accumulate_batches?: number;
  /**
   * Updates h after which the learning rate of slow weights has halved, as 1 / (1 + (t / h)^p) (0:
   * it stays). Default: 0.
   */
  readonly learning_rate_half_time?: number;
  /**
   * p of that: the larger, the longer the rate stays up, and the faster it falls then. Default: 1.
   */
  readonly learning_rate_decay_power?: number;
  /**
   * Bound on each number of an update of slow weights, learning rate included (0: off). Default: 0.
   */
  readonly update_clip?: number;
  /**
   * Adds this times the sum of squares of slow weights to what is lowered, before any clip (0: off).
   * Default: 0.
   */
  readonly l2?: number;
  /** After an update every slow weight moves this much towards 0 (0: off). Default: 0. */
  readonly l1?: number;
  /**
   * Divide each sequence's gradient of its fast weights by B, the sequences in a batch. Default:
   * true.
   */
  readonly divide_by_batch?: boolean;
  /** Let gradients flow back over at most this many steps at a time (0: all). Default: 0. */
  readonly truncate?: number;
  /**
   * Share of all updates, about the latest ones, over which slow weights are averaged for the
   * network that is judged and kept; takes a second run forward (0: off). Default: 0.
   */
  readonly average_share?: number;
  /**
   * What is kept of the steps for the way back: whole (everything), checkpoints (the state every
   * sqrt(T) steps, and the steps between run again), or auto (checkpoints where they save more than
   * 8 MiB a sequence). Default: "auto".
   */
  readonly tape?: "auto" | "whole" | "checkpoints";
}

/** Settings of `rtrl` (updater); one with a default may be left out. */
export interface RtrlSettings extends OptimizerSettings {
  /** Learning rate of weights and biases. Default: 0.01. */
  readonly learning_rate?: number;
  /** Bound on the norm of the gradient (0: off). Default: 0. */
  readonly grad_clip?: number;
  /** Batches whose gradients are averaged for one update of slow weights. Default: 1. */
  readonly accumulate_batches?: number;
  /**
   * Updates h after which the learning rate of slow weights has halved, as 1 / (1 + (t / h)^p) (0:
   * it stays). Default: 0.
   */
  readonly learning_rate_half_time?: number;
  /**
   * p of that: the larger, the longer the rate stays up, and the faster it falls then. Default: 1.
   */
  readonly learning_rate_decay_power?: number;
  /**
   * Bound on each number of an update of slow weights, learning rate included (0: off). Default: 0.
   */
  readonly update_clip?: number;
  /**
   * Adds this times the sum of squares of slow weights to what is lowered, before any clip (0: off).
   * Default: 0.
   */
  readonly l2?: number;
  /** After an update every slow weight moves this much towards 0 (0: off). Default: 0. */
  readonly l1?: number;
  /**
   * Trained numbers that one run through the sequence differentiates by (0: what 256 MB hold).
   * Default: 0.
   */
  readonly virtual_sequences?: number;
}
