/** A bound on the gradient of each sequence. */
import type { Value } from "../core/program/elementwise.ts";
import { add, concat, div, hypot, minimum, mul, norm } from "../core/program/language.ts";

/** The part of one sequence in the gradient of a layer: post ⊗ pre of its weight, post of its bias. */
export interface LayerShare {
  /** [P, B, post]. */
  readonly post: Value;
  /** [P, B, pre]. */
  readonly pre: Value;
  /** Whether the layer has a bias. */
  readonly hasBias: boolean;
}

/**
 * The factor of a sequence's gradient, [P, B], that brings the norm over all layers, weights and biases, to
 * at most `bound`: min(1, bound / (scale · norm + 1e-6)).
 *
 * @param options.scale multiplies the gradients of all layers before they are used.
 */
export function sequenceFactor(
  shares: readonly LayerShare[],
  { bound, scale }: { bound: number; scale: number },
): Value {
  const norms = shares.map(({ post, pre, hasBias }) =>
    mul(norm(post), hasBias ? hypot(norm(pre), 1) : norm(pre))
  );
  const whole = mul(norm(concat(...norms)), scale);
  return minimum(div(bound, add(whole, 1e-6)), 1);
}
