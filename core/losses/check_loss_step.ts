/** Checks what a loss makes of a step, and that its metrics can be computed of it. */
import { describeShape } from "../axes.ts";
import { CodeError } from "../code_error.ts";
import { describeThing, isValue, type Value } from "../program/elementwise.ts";
import { didYouMean } from "../similar_name.ts";
import type { Loss, LossStep } from "./loss.ts";
import { metricsOf } from "./metric_facts.ts";
import { SEQUENCES } from "./metric_kinds.ts";

/** What is judged, and how to find the lines where values were made. */
export interface JudgedModel {
  readonly model: string;
  readonly output: Value;
  /** Where the loss, or else the step of the model, made a value; default: its last one. */
  readonly placeOf: (value?: Value) => string | undefined;
}

/**
 * Checks one judged step.
 *
 * @throws CodeError unless loss, weight and sums are scalars, and each metric is made of sums that there are.
 */
export function checkLossStep(loss: Loss, judged: LossStep, context: JudgedModel): void {
  const fail = (problem: string, value: unknown): never => {
    const place = context.placeOf(isValue(value) ? value : undefined);
    throw new CodeError(`Loss ${loss.name}: ${problem}`, place);
  };
  if (typeof judged !== "object" || judged === null) {
    return fail(
      `step returns ${describeThing(judged)}, expected { loss, weight, sums }`,
      undefined,
    );
  }
  const { sums = {} } = judged;
  const values = { loss: judged.loss, weight: judged.weight, ...prefixed(sums) };
  for (const [name, value] of Object.entries<unknown>(values)) {
    if (isValue(value) && value.shape.length === 0) continue;
    const got = isValue(value) ? `a ${describeShape(value.shape)}` : describeThing(value);
    const output = `the output of model ${context.model} is a ${
      describeShape(context.output.shape)
    }`;
    fail(`expected a traced scalar as ${name} of a step, got ${got}; ${output}`, value);
  }
  checkMetrics(loss, sums, (problem) => fail(problem, judged.loss));
}

const prefixed = (sums: LossStep["sums"]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(sums).map(([name, value]) => [`sum "${name}"`, value]));

function checkMetrics(
  loss: Loss,
  sums: LossStep["sums"],
  fail: (problem: string) => never,
): void {
  const { metrics } = loss;
  if (!metrics || !Object.hasOwn(metrics, "loss")) {
    fail(`its metrics have no "loss"${didYouMean("loss", Object.keys(metrics ?? {}))}`);
  }
  const { sequenceSums = {} } = loss;
  const names = [...Object.keys(sums), ...Object.keys(sequenceSums)];
  for (const [name, { of }] of Object.entries(sequenceSums)) {
    const missing = of.find((part) => !Object.hasOwn(sums, part));
    if (missing === undefined) continue;
    fail(`its sum "${name}" of a sequence is made of "${missing}", which the step does not give`);
  }
  for (const [name, metric] of metricsOf(loss)) {
    const isRatio = metric.sums.length === 2 && metric.of === undefined;
    if (!isRatio && (name === "loss" || metric.of === undefined)) {
      fail(`metric "${name}" is expected to be a ratio of two sums, as of metric.mean`);
    }
    const missing = metric.sums.find((part) => part !== SEQUENCES && !names.includes(part));
    if (missing === undefined) continue;
    fail(
      `metric "${name}" is made of a sum "${missing}"${didYouMean(missing, names)}; sums are ` +
        names.join(", "),
    );
  }
}
