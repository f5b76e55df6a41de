/** The table of optimizers; its tests go over it. */
import { adamPublished, adamW, scaleByAdam } from "./adam.ts";
import { lion } from "./lion.ts";
import { momentum } from "./momentum.ts";
import { scaleByRms } from "./rms.ts";
import { chain, type Optimizer } from "./transform.ts";

/**
 * How slow weights are updated: plain steps (sgd), with Nesterov momentum .9, RMSprop, Adam (Kingma and Ba,
 * 2015), AdamW with decay .01, Lion, or Adam as one published model has it, whose second moment decays with .9.
 */
export type OptimizerName =
  | "sgd"
  | "adam"
  | "adam_published"
  | "adamw"
  | "lion"
  | "nesterov"
  | "rmsprop";

/** Every optimizer, by its name in settings. */
export const optimizers: Readonly<Record<OptimizerName, Optimizer>> = {
  sgd: chain(),
  adam: scaleByAdam(),
  adam_published: adamPublished,
  adamw: adamW(),
  lion: lion(),
  nesterov: momentum(0.9, { nesterov: true }),
  rmsprop: scaleByRms(),
};

/** The names of the table, as settings list them. */
export const optimizerNames = Object.keys(optimizers) as OptimizerName[];
