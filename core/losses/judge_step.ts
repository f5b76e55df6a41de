/** Applies a loss to a traced step, after a check that the model names what the loss reads. */
import type { JudgedStep, Loss, LossStep } from "./loss.ts";

const kinds = { observed: "observed value", state: "state" } as const;

/**
 * What a loss makes of a step.
 *
 * @param model name of the model, for the error.
 * @throws RangeError if the model lacks an observed value or a state that the loss reads.
 */
export function judgeStep(loss: Loss, model: string, step: JudgedStep): LossStep {
  for (const kind of ["observed", "state"] as const) {
    const names = Object.keys(step[kind]);
    const missing = loss.reads?.[kind]?.find((name) => !names.includes(name));
    if (missing !== undefined) {
      throw new RangeError(
        `Loss ${loss.name} of model ${model}: expected the ${kinds[kind]} "${missing}", got ` +
          (names.join(", ") || "none"),
      );
    }
  }
  return loss.step(step);
}
