/** Actions of episodes: what a network's logits choose. */
import type { RandomStream } from "../random.ts";

/**
 * Draws an action with the probabilities softmax(logits). One uniform number is drawn.
 *
 * @param logits [actions], finite.
 * @returns 0 to actions - 1.
 * @example
 * const act = (t: number, output: ArrayLike<number>) => void (action[t] = sampleAction(output, random));
 */
export function sampleAction(logits: ArrayLike<number>, random: RandomStream): number {
  const values = Array.from(logits);
  const largest = Math.max(...values);
  const weights = values.map((logit) => Math.exp(logit - largest));
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const chosen = weights.findIndex((weight) => (left -= weight) < 0);
  // Rounding may leave nothing to the last one.
  return chosen < 0 ? weights.findLastIndex((weight) => weight > 0) : chosen;
}
