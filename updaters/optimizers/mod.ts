/** The table of optimizers; its tests go over it. */
import { adam, adamPublished } from "./adam.ts";
import type { OptimizerOptions, Transform } from "./optimizer.ts";
import { sgd } from "./sgd.ts";

/**
 * How slow weights are updated: plain steps (sgd), Adam (Kingma and Ba, 2015), or Adam as one published
 * model has it, whose second moment decays with .9.
 */
export type OptimizerName = "sgd" | "adam" | "adam_published";

/** Every optimizer, by its name in settings. */
export const optimizers: Readonly<
  Record<OptimizerName, (options: OptimizerOptions) => Transform>
> = {
  sgd,
  adam,
  adam_published: adamPublished,
};

/** The names of the table, as settings list them. */
export const optimizerNames = Object.keys(optimizers) as OptimizerName[];
