/** Lion. */
import { add, mul, sign } from "../../core/program/language.ts";
import { withDefaults } from "../../core/program/with_defaults.ts";
import { decay } from "./decay.ts";
import { defineOptimizer } from "./define_optimizer.ts";
import { chain, type Optimizer } from "./transform.ts";

/** What Lion keeps of its running mean of gradients. */
export interface LionRates {
  /** Its share in what the sign is taken of; default .9. */
  readonly first?: number;
  /** What the mean keeps of itself in an update; default .99. */
  readonly second?: number;
}

const defaults: Required<LionRates> = { first: 0.9, second: 0.99 };

/** The sign of first · mean + (1 - first) · gradient (Chen et al., 2023).
 *
 *     chain(clipByGlobalNorm(1), scaleByLion())
 */
export function scaleByLion(rates: LionRates = {}): Optimizer {
  const { first, second } = withDefaults("scaleByLion", rates, defaults);
  return defineOptimizer({
    name: "lion",
    memory: ["mean"],
    step({ gradient, memory: { mean } }) {
      const mixed = (keeps: number) => add(mul(mean, keeps), mul(gradient, 1 - keeps));
      return { direction: sign(mixed(first)), memory: { mean: mixed(second) } };
    },
  });
}

/**
 * Lion (Chen et al., 2023), with decoupled weight decay.
 *
 *     bptt.build(learning, { learning_rate: 1e-4, optimizer: lion({ decay: 0.1 }) })
 */
export function lion(options: LionRates & { decay?: number } = {}): Optimizer {
  const { decay: factor, ...rates } = withDefaults("lion", options, { ...defaults, decay: 0 });
  return chain(scaleByLion(rates), decay(factor));
}
