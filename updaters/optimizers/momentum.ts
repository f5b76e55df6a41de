/** Momentum. */
import { add, mul } from "../../core/program/language.ts";
import { withDefaults } from "../../core/program/with_defaults.ts";
import { defineOptimizer } from "./define_optimizer.ts";
import type { Optimizer } from "./transform.ts";

/**
 * A velocity: share · velocity + gradient (Polyak, 1964). With `nesterov` the direction
 * is gradient + share · velocity (Nesterov, 1983; in the form of Sutskever et al., 2013).
 *
 * @param share what the velocity keeps of itself in an update.
 *
 *     bptt.build(learning, { learning_rate: 0.01, optimizer: momentum(0.9, { nesterov: true }) })
 */
export function momentum(share = 0.9, options: { nesterov?: boolean } = {}): Optimizer {
  const { nesterov } = withDefaults("momentum", options, { nesterov: false });
  return defineOptimizer({
    name: "momentum",
    memory: ["velocity"],
    step({ gradient, memory }) {
      const velocity = add(mul(memory.velocity, share), gradient);
      const direction = nesterov ? add(gradient, mul(velocity, share)) : velocity;
      return { direction, memory: { velocity } };
    },
  });
}
