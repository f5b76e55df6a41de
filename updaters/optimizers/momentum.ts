/** Momentum. */
import { add, mul } from "../../core/program/language.ts";
import { defineOptimizer } from "./define_optimizer.ts";
import type { Optimizer } from "./transform.ts";

/**
 * A velocity: share · velocity + (1 - dampening) · gradient (Polyak, 1964). With `nesterov` the direction
 * is gradient + share · velocity (Nesterov, 1983; in the form of Sutskever et al., 2013).
 *
 * @param share what the velocity keeps of itself in an update.
 *
 *     bptt.build(learning, { learning_rate: 0.01, optimizer: momentum(0.9, { nesterov: true }) })
 */
export const momentum = (
  share = 0.9,
  { nesterov = false, dampening = 0 }: { nesterov?: boolean; dampening?: number } = {},
): Optimizer =>
  defineOptimizer({
    name: "momentum",
    memory: ["velocity"],
    step({ gradient, memory }) {
      const velocity = add(mul(memory.velocity, share), mul(gradient, 1 - dampening));
      const direction = nesterov ? add(gradient, mul(velocity, share)) : velocity;
      return { direction, memory: { velocity } };
    },
  });
