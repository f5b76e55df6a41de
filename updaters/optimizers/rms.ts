/** RMSprop. */
import { add, div, maximum, mul, sqrt, square, sub } from "../../core/program/language.ts";
import type { Value } from "../../core/program/elementwise.ts";
import { withDefaults } from "../../core/program/with_defaults.ts";
import { defineOptimizer } from "./define_optimizer.ts";
import type { Optimizer } from "./transform.ts";

/** Numbers of RMSprop. */
export interface RmsOptions {
  /** What the mean of squares keeps of itself in an update; default .99. */
  readonly keep?: number;
  /** Added to the root, default 1e-8. */
  readonly epsilon?: number;
  /** Takes the square of the mean gradient from the mean of squares (Graves, 2013); default: no. */
  readonly centered?: boolean;
}

const defaults: Required<RmsOptions> = { keep: 0.99, epsilon: 1e-8, centered: false };

/**
 * Divides each gradient by the root of the running mean of its square, plus epsilon (Tieleman and Hinton,
 * 2012): RMSprop as a whole, or a part of a chain.
 *
 *     chain(scaleByRms({ keep: 0.9 }), momentum(0.9)) // RMSprop with momentum
 */
export function scaleByRms(options: RmsOptions = {}): Optimizer {
  const { keep, epsilon, centered } = withDefaults("scaleByRms", options, defaults);
  const mixed = (mean: Value, value: Value) => add(mul(mean, keep), mul(value, 1 - keep));
  const direction = (gradient: Value, square: Value) => div(gradient, add(sqrt(square), epsilon));
  if (!centered) {
    return defineOptimizer({
      name: "rms",
      memory: ["square"],
      step({ gradient, memory }) {
        const mean = mixed(memory.square, square(gradient));
        return { direction: direction(gradient, mean), memory: { square: mean } };
      },
    });
  }
  return defineOptimizer({
    name: "rms",
    memory: ["square", "mean"],
    step({ gradient, memory }) {
      const squares = mixed(memory.square, square(gradient));
      const mean = mixed(memory.mean, gradient);
      // Of a gradient that stays the same the difference is 0, which rounding may leave below 0.
      const variance = maximum(sub(squares, square(mean)), 0);
      return { direction: direction(gradient, variance), memory: { square: squares, mean } };
    },
  });
}
