/** One update from the mean gradient of several batches: a large batch in the memory of a small one. */
import { add, lessEqual, mul, where } from "../core/program/language.ts";
import type { Value } from "../core/program/elementwise.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import type { Changes } from "./optimizers/transform.ts";

const slots = {
  count: "optimizer/accumulated/batches",
  sum: (parameter: string) => `optimizer/accumulated/${parameter}`,
};

/**
 * Adds the gradients of a batch to those since the last update.
 *
 * @param options.batches batches of one update; 1: nothing is added up.
 * @returns the mean gradients, and a stage whose stores take effect only if this batch completes an update.
 */
export function accumulate(
  stage: StageBuilder,
  { builder, gradients, batches }: {
    builder: ProgramBuilder;
    gradients: Changes;
    batches: number;
  },
): { gradients: Changes; stage: StageBuilder } {
  if (batches === 1) return { gradients, stage };
  builder.slot(slots.count, { kind: "optimizer" });
  const count = add(stage.load(slots.count), 1);
  const isDue = lessEqual(batches, count);
  stage.store(slots.count, where(isDue, 0, count));
  const means = [...gradients].map(([name, gradient]) => {
    const slot = slots.sum(name);
    builder.slot(slot, { kind: "optimizer", shape: gradient.shape });
    const sum = add(stage.load(slot), gradient);
    stage.store(slot, where(isDue, 0, sum));
    return [name, mul(sum, 1 / batches)] as const;
  });
  return { gradients: new Map(means), stage: storingIf(isDue, stage) };
}

/** A stage in which slots keep what they hold unless a condition is 1. */
const storingIf = (condition: Value, stage: StageBuilder): StageBuilder => ({
  ...stage,
  store: (name, value) => stage.store(name, where(condition, value, stage.load(name))),
});
