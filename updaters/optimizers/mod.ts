/** The table of optimizers. */
import { adam, adamPublished } from "./adam.ts";
import type { OptimizerOptions, Transform } from "./optimizer.ts";
import { sgd } from "./sgd.ts";

export type OptimizerName = "sgd" | "adam" | "adam_published";

export const optimizers: Readonly<
  Record<OptimizerName, (options: OptimizerOptions) => Transform>
> = {
  sgd,
  adam,
  adam_published: adamPublished,
};
