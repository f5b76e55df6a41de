import type { Task } from "./task.ts";

/**
 * The loss in nats of a prediction to which all answers are as likely: ln C of C symbols, ln 2 of yes and no.
 * Undefined where outputs are no logits, or the loss has another unit.
 *
 * @example
 * guessLoss(findTask("palindrome").build()); // ln 9 = 2.197
 */
export function guessLoss(
  { loss, output }: Pick<Task, "output"> & {
    loss: Pick<Task["loss"], "isClassification" | "unit">;
  },
): number | undefined {
  if (!loss.isClassification || loss.unit !== "nats") return undefined;
  return Math.log(output.length === 0 ? 2 : output.reduce((size, extent) => size * extent, 1));
}
