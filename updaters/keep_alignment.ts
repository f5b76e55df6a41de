/** How far the updates of a rule that learns after every step point along the exact gradient of the step. */
import { div, mul, sqrt, square, sum, where } from "../core/program/language.ts";
import type { LossStep } from "../core/losses/loss.ts";
import type { Value } from "../core/program/elementwise.ts";
import type { TracedStep } from "../core/program/model.ts";
import type { LinearLayer } from "../core/program/node.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { isFast, slotOf } from "./layers.ts";
import { keepEveryStep } from "./probes.ts";
import { stepGradients } from "./step_gradients.ts";
import type { Learning } from "./updater.ts";

/** The group of slots that hold the cosines. */
export const ALIGNMENT = "probe/alignment";

/**
 * Keeps for each layer the cosine of the angle between the gradient that a rule follows and the exact one, that
 * of the same network at the same step, in `probe/alignment/<layer>`: of fast weights [T, P, B], of weights that
 * the sequences share [T, P], where both are means over the batch. It is 0 where one of them is 0, as on
 * padding. A layer that the loss of a step does not depend on, or that the rule does not train, has none.
 */
export function keepAlignment(
  stage: StageBuilder,
  { builder, learning, layers, step, gradients }: {
    builder: ProgramBuilder;
    learning: Learning;
    layers: readonly LinearLayer[];
    step: TracedStep & LossStep;
    gradients: ReadonlyMap<string, Value>;
  },
): void {
  const exact = stepGradients(step, { stage, learning });
  for (const layer of layers) {
    const slot = slotOf(layer.weight);
    const [followed, direction] = [gradients.get(slot), exact.get(slot)];
    if (!followed || !direction) continue;
    const values = { [layer.name]: cosine(followed, direction) };
    keepEveryStep(stage, { builder, group: ALIGNMENT, values, hasBatchAxis: isFast(layer) });
  }
}

/** The cosine of the angle between two arrays, over all elements; 0 if one of them is 0. */
function cosine(a: Value, b: Value): Value {
  const sizes = mul(sqrt(sum(square(a))), sqrt(sum(square(b))));
  return where(sizes, div(sum(mul(a, b)), sizes), 0);
}
