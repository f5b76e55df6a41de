/** Settings of the updates of fast weights. `docs/ethereal.md` has the equation of each. */
import { z } from "../deps/zod.ts";
import type { ModelFeature } from "../core/program/model.ts";
import type { FixedRule } from "./plastic_update.ts";

/** Settings of every rule that trains fast layers. */
export const plasticConfig = {
  learning_rate: z.number().positive().default(1e-2).describe(
    "Learning rate of weights and biases",
  ),
  grad_clip: z.number().min(0).default(0).describe(
    "Bound on each update of highly plastic weights; on slow weights, on the norm of the gradient (0: off)",
  ),
  clip_weights: z.number().min(0).default(0).describe(
    "Bound on each fast weight, after every update (0: off)",
  ),
  normalize: z.boolean().default(false).describe(
    "Divide fast weights and their biases by their norm after every update",
  ),
  forgetting: z.enum(["before", "after"]).default("before").describe(
    "Whether highly plastic weights forget before or after the change of an update",
  ),
  slow_weight_decay: z.number().min(0).max(1).default(0).describe(
    "Share of each weight that is not highly plastic lost in every update (0: off)",
  ),
  wipe_every: z.int().min(0).max(1_000_000).default(1).describe(
    "Set highly plastic weights to 0 before each batch of so many; between, each place in the batch keeps its own (0: only before the first)",
  ),
};

/** Further bounds, of rules that learn after every step. */
export const plasticBounds = {
  fast_weight_clamp: z.number().min(0).default(0).describe(
    "Bound on each highly plastic weight, after every update and clip_weights (0: off)",
  ),
  normalize_over: z.enum(["batch", "sequence"]).default("batch").describe(
    "What `normalize` takes the norm of fast weights over",
  ),
  grad_norm_clip: z.number().min(0).default(0).describe(
    "Bound on the norm of each sequence's gradient of fast layers together, before plast_clip (0: off)",
  ),
};

/** Whether the gradient of a sequence's own weights is a B-th of that of its loss. */
export const divideByBatch = (byDefault: boolean) =>
  z.boolean().default(byDefault).describe(
    "Divide each sequence's gradient of its fast weights by B, the sequences in a batch",
  );

/** The settings that act on fast weights alone. */
export const onFastWeights: Readonly<Record<string, ModelFeature>> = {
  clip_weights: "fastWeights",
  normalize: "fastWeights",
  forgetting: "fastWeights",
  wipe_every: "fastWeights",
  divide_by_batch: "fastWeights",
};

/** The same of `plasticBounds`. */
export const boundsOnFastWeights: Readonly<Record<string, ModelFeature>> = {
  fast_weight_clamp: "fastWeights",
  normalize_over: "fastWeights",
  grad_norm_clip: "fastWeights",
};

/** Settings of the updates of fast weights; every one that is missing is off. */
export interface PlasticSettings {
  /**
   * Bound on each update of highly plastic weights; of slow weights, on the norm of all gradients
   * together. 0, the default: none.
   */
  readonly grad_clip?: number;
  /** Bound on each fast weight after every update; 0, the default: none. */
  readonly clip_weights?: number;
  /** Bound on each highly plastic weight after that; 0, the default: none. */
  readonly fast_weight_clamp?: number;
  /** Divides fast weights and their biases by their norm after every update; default: no. */
  readonly normalize?: boolean;
  /** What that norm of weights is taken over: all of the batch, the default, or each sequence. */
  readonly normalize_over?: "batch" | "sequence";
  /** When highly plastic weights forget: before the change of an update, the default, or after it. */
  readonly forgetting?: "before" | "after";
  /** Share that weights which are not highly plastic lose in every update; default: 0. */
  readonly slow_weight_decay?: number;
  /** Multiplies updates by the plasticity twice; default: no. */
  readonly plasticity_twice?: boolean;
  /** Batches from one wipe of highly plastic weights to the next; 0: one wipe, at the start. Default: 1. */
  readonly wipe_every?: number;
}

/** The rule that settings describe, but for its rate. */
export const plasticRule = (settings: PlasticSettings): FixedRule => ({
  gradClip: settings.grad_clip ?? 0,
  clipWeights: settings.clip_weights ?? 0,
  fastWeightClamp: settings.fast_weight_clamp ?? 0,
  normalizeOver: settings.normalize ? settings.normalize_over ?? "batch" : undefined,
  forgetting: settings.forgetting ?? "before",
  slowWeightDecay: settings.slow_weight_decay ?? 0,
  plasticityTwice: settings.plasticity_twice ?? false,
});
