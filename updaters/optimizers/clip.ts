/** Bounds on changes. */
import { add, clamp, div, minimum, mul } from "../../core/program/language.ts";
import { norm } from "../norm.ts";
import { mapChanges, type Optimizer } from "./transform.ts";

/**
 * Scales all changes by min(1, bound / (norm + 1e-6)), the norm taken over all of them together (Pascanu,
 * Mikolov and Bengio, 2013). 0: no bound.
 *
 *     chain(clipByGlobalNorm(1), scaleByAdam())
 */
export const clipByGlobalNorm = (bound: number): Optimizer => ({
  apply(changes) {
    if (bound <= 0 || changes.size === 0) return changes;
    const factor = minimum(div(bound, add(norm(...changes.values()), 1e-6)), 1);
    return mapChanges(changes, (change) => mul(change, factor));
  },
});

/**
 * Clamps every number of every change to ±bound. 0: no bound.
 *
 *     chain(clip(0.1), momentum(0.9))
 */
export const clip = (bound: number): Optimizer => ({
  apply: (changes) =>
    bound > 0 ? mapChanges(changes, (change) => clamp(change, -bound, bound)) : changes,
});
