/** Applies a loss to a traced step, and checks what goes in and what comes out. */
import { describeShape, type Shape } from "../axes.ts";
import { CodeError } from "../code_error.ts";
import { definitionPlace } from "../code_place.ts";
import { placeOf } from "../program/place_of.ts";
import { didYouMean } from "../similar_name.ts";
import { checkLossStep } from "./check_loss_step.ts";
import type { JudgedStep, Loss, LossStep } from "./loss.ts";

const kinds = { observed: "observed value", state: "state" } as const;

/**
 * What a loss makes of a step.
 *
 * @param options.model name of the model, for errors.
 * @param options.outputPlace where its output was made.
 * @throws CodeError if the output has another shape than the loss judges, the model lacks an observed
 *   value or a state that the loss reads, or the loss does not give what its metrics are made of.
 */
export function judgeStep(
  loss: Loss,
  step: JudgedStep,
  { model, outputPlace = () => undefined }: {
    model: string;
    outputPlace?: () => string | undefined;
  },
): LossStep {
  const { output } = step;
  const expected = (what: string, got: string) =>
    new CodeError(
      `Loss ${loss.name} of model ${model}: expected ${what}, got ${got}`,
      definitionPlace(loss) ?? outputPlace(),
    );
  for (const kind of ["observed", "state"] as const) {
    const names = Object.keys(step[kind]);
    const missing = loss.reads?.[kind]?.find((name) => !names.includes(name));
    if (missing !== undefined) {
      const got = names.join(", ") || "none";
      throw expected(`the ${kinds[kind]} "${missing}"`, got + didYouMean(missing, names));
    }
  }
  const { shape } = output;
  if (loss.output && !fits(shape, loss.output)) {
    throw expected(`an output that is a ${describe(loss.output)}`, `a ${describeShape(shape)}`);
  }
  const apply = () => loss.step(step);
  const judged = apply();
  checkLossStep(loss, judged, {
    model,
    output,
    placeOf: (value) =>
      placeOf(output.graph, apply, value) ?? definitionPlace(loss) ?? outputPlace(),
  });
  return judged;
}

type OutputShape = NonNullable<Loss["output"]>;

const fits = (shape: Shape, wanted: OutputShape): boolean =>
  shape.length === wanted.length &&
  wanted.every((extent, axis) => extent === undefined || extent === shape[axis]);

/** Such as "scalar", "vector(8)" or, where any length will do, "vector". */
const describe = (wanted: OutputShape): string => {
  const lengths = wanted.filter((extent) => extent !== undefined);
  if (lengths.length === wanted.length) return describeShape(lengths as unknown as Shape);
  return wanted.length === 1 ? "vector" : "matrix";
};
