/**
 * What the output layer of a network reads, its last inner layer z [N] or its state h [H]:
 *
 *   forked   o_t = z_t, with `output_tanh` tanh(z_t): state and output have heads of their own
 *   tapped   o_t = h_t = tanh(W_i2h z_t + b_i2h), as in a textbook Elman network
 *
 * logits = W_i2o o_t + b_i2o. Without recurrence h is computed for the output, and 0 is fed back.
 */
import { z } from "../deps/zod.ts";
import { tanh } from "../core/program/language.ts";
import type { Value } from "../core/program/elementwise.ts";

/** Settings of the output layer. */
export const outputHeadConfig = {
  layout: z.enum(["forked", "tapped"]).default("forked").describe(
    "What the output layer reads: the last inner layer, as the state does, or the state h",
  ),
  output_tanh: z.boolean().default(false).describe(
    "Let the output layer read tanh of the last inner layer; layout forked only",
  ),
};

interface OutputHead {
  readonly layout: "forked" | "tapped";
  readonly output_tanh: boolean;
}

/** What the schema of a model checks of both settings. */
export function checkOutputHead({ layout, output_tanh }: OutputHead, context: z.RefinementCtx) {
  if (layout === "forked" || !output_tanh) return;
  context.addIssue({
    code: "custom",
    path: ["output_tanh"],
    message: "expected false with layout tapped, whose output layer reads a tanh already",
  });
}

/** o_t, from z [N] and h [H] of the step. */
export function headInput(
  { inner, activity }: { inner: Value; activity: Value },
  { layout, output_tanh }: OutputHead,
): Value {
  if (layout === "tapped") return activity;
  return output_tanh ? tanh(inner) : inner;
}
