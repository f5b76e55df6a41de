/** The table of optimizers. */
import { adam } from "./adam.ts";
import type { OptimizerOptions, Transform } from "./optimizer.ts";
import { sgd } from "./sgd.ts";

export const optimizers: Readonly<
  Record<"sgd" | "adam", (options: OptimizerOptions) => Transform>
> = {
  sgd,
  adam,
};
