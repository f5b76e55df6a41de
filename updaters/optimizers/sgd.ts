/** Stochastic gradient descent. */
import { descend, type OptimizerOptions, type Transform } from "./optimizer.ts";

/** Gradient descent: -lr · gradient. */
export const sgd = (options: OptimizerOptions): Transform => descend(options);
