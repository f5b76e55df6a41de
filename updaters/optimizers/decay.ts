/** Weight decay. */
import { add, mul } from "../../core/program/language.ts";
import { mapChanges, type Optimizer } from "./transform.ts";

/**
 * Adds `factor` times each weight to its change. First in a chain this is an L2 penalty, the gradient of
 * factor/2 · Σ w². After a transform that rescales gradients, decay is decoupled from them: a weight loses
 * learning_rate · factor of itself in an update (Loshchilov and Hutter, 2019).
 *
 * @param only chooses parameters by name; default: all.
 *
 *     chain(scaleByAdam(), decay(0.01, (name) => name.endsWith("weight")))
 */
export const decay = (factor: number, only: (name: string) => boolean = () => true): Optimizer => ({
  apply(changes, stage) {
    if (factor === 0) return changes;
    return mapChanges(
      changes,
      (change, name) => only(name) ? add(change, mul(stage.load(name), factor)) : change,
    );
  },
});
