/** RMSprop. */
import { add, div, mul, sqrt, square } from "../../core/program/language.ts";
import { withDefaults } from "../../core/program/with_defaults.ts";
import { defineOptimizer } from "./define_optimizer.ts";
import type { Optimizer } from "./transform.ts";

/**
 * Divides each gradient by the root of the running mean of its square, plus epsilon (Tieleman and Hinton,
 * 2012): RMSprop as a whole, or a part of a chain.
 *
 * @param options.keep what the mean keeps of itself in an update.
 *
 *     chain(scaleByRms({ keep: 0.9 }), momentum(0.9)) // RMSprop with momentum
 */
export function scaleByRms(options: { keep?: number; epsilon?: number } = {}): Optimizer {
  const { keep, epsilon } = withDefaults("scaleByRms", options, { keep: 0.99, epsilon: 1e-8 });
  return defineOptimizer({
    name: "rms",
    memory: ["square"],
    step({ gradient, memory }) {
      const mean = add(mul(memory.square, keep), mul(square(gradient), 1 - keep));
      return { direction: div(gradient, add(sqrt(mean), epsilon)), memory: { square: mean } };
    },
  });
}
