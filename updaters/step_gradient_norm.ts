/**
 * The norm of the gradient of a rule that learns after every step: the root mean square over the steps of the
 * last batch that were judged.
 */
import { sizeOf } from "../core/axes.ts";
import {
  add,
  batchSum,
  div,
  less,
  maximum,
  mul,
  sqrt,
  sum,
  where,
} from "../core/program/language.ts";
import type { Value } from "../core/program/elementwise.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { GRADIENT_NORM } from "./measure.ts";
import type { Changes } from "./optimizers/transform.ts";

/** Most trained numbers whose norm is taken in every step: it reads all gradients once more. */
const MOST_NUMBERS = 1 << 14;

const slots = { squares: "train/gradient_squares", steps: "train/judged_steps" };

/** Begins the sums of a batch, in its first stage. */
export function clearGradientNorm(stage: StageBuilder, builder: ProgramBuilder): void {
  for (const slot of Object.values(slots)) {
    builder.slot(slot, { kind: "state" });
    stage.store(slot, 0);
  }
}

/**
 * Adds the gradients of a step.
 *
 * @param options.weight of the step in the loss, [P, B]; where it is 0 for all sequences nothing is judged.
 */
export function addGradientNorm(
  stage: StageBuilder,
  { builder, gradients, weight }: {
    builder: ProgramBuilder;
    gradients: Changes;
    weight: Value;
  },
): void {
  const numbers = [...gradients.values()].reduce((count, { shape }) => count + sizeOf(shape), 0);
  if (numbers === 0 || numbers > MOST_NUMBERS) return;
  const isJudged = less(0, weight.hasBatchAxis ? batchSum(weight) : weight);
  const square = add(...[...gradients.values()].map((gradient) => sum(mul(gradient, gradient))));
  const squares = add(stage.load(slots.squares), where(isJudged, square, 0));
  const steps = add(stage.load(slots.steps), isJudged);
  stage.store(slots.squares, squares);
  stage.store(slots.steps, steps);
  builder.slot(GRADIENT_NORM, { kind: "state" });
  stage.store(GRADIENT_NORM, sqrt(div(squares, maximum(steps, 1))));
}
