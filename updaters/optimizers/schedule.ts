/** A factor on all changes that depends on how many updates there were. */
import { countUp, declareCounter } from "../../core/program/counter.ts";
import type { Operand, Value } from "../../core/program/elementwise.ts";
import { mul } from "../../core/program/language.ts";
import { mapChanges, type Optimizer } from "./transform.ts";

/** The slot that counts the updates of slow weights; all parts of an optimizer share it. */
export const UPDATES = "optimizer/updates";

/** A factor on the learning rate, from the number of updates before this one: 0, 1, 2, ... */
export type Schedule = (updates: Value) => Operand;

/**
 * Multiplies every change by a factor of the number of updates. Ready-made ones are `cosineDecay`,
 * `exponentialDecay`, `inverseTimeDecay`, `piecewise` and `warmUp`; several in a chain are multiplied.
 *
 *     chain(scaleByAdam(), schedule((t) => div(1, sqrt(add(t, 1)))))
 */
export const schedule = (factor: Schedule): Optimizer => ({
  declare: (builder) => declareCounter(builder, UPDATES),
  apply(changes, stage) {
    const now = factor(countUp(stage, UPDATES).before);
    return mapChanges(changes, (change) => mul(change, now));
  },
});
