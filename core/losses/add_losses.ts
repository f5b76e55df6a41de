/** Sums of losses. */
import { describeShape, sameShape } from "../axes.ts";
import { callerPlace, definedAt } from "../code_place.ts";
import type { Value } from "../program/elementwise.ts";
import { describeInput, type InputDeclaration, type InputDeclarations } from "../program/input.ts";
import { add, maximum, mul } from "../program/language.ts";
import { type Loss, type LossStep, weightsOf } from "./loss.ts";
import type { LossMetric } from "./loss_metric.ts";
import { metricOf, metricsOf } from "./metric_facts.ts";
import { SEQUENCES } from "./metric_kinds.ts";

const SCALED = "scaled loss";

/**
 * A loss times a number; so is its metric `loss`, which has no unit then. Other metrics stay as they are.
 *
 * @throws RangeError if the factor is not finite.
 * @example
 * const penalty = scaled(0.01, activityPenalty("y"));
 */
export function scaled(factor: number, loss: Loss): Loss {
  if (!Number.isFinite(factor)) {
    throw new RangeError(`scaled: expected a finite factor, got ${factor}`);
  }
  const { unit: _, ...others } = loss;
  const [above, below] = metricOf(loss, "loss").sums as [string, string];
  const { unit: __, ...shown } = metricOf(loss, "loss");
  const metrics = Object.fromEntries(metricsOf(loss));
  const weighed: Loss = {
    ...others,
    step(step) {
      const judged = loss.step(step);
      return {
        ...judged,
        loss: mul(judged.loss, factor),
        sums: { ...judged.sums, [SCALED]: mul(judged.sums[above]!, factor) },
      };
    },
    metrics: { ...metrics, loss: { ...shown, sums: [SCALED, below] } },
  };
  return definedAt(weighed, callerPlace());
}

/**
 * The sum of several losses. Its metric `loss` is their sum by judged step of the first one, in their unit if
 * all have the same, else in none. The loss of each is a metric, such as `task_loss`. Other metrics keep their
 * names; one that several losses have is told apart in the same way. An input that several have is one.
 *
 * @param terms by the name of what each is for; the first is the task's.
 * @throws RangeError without any, if two declare one input in different ways, or metrics would have one name.
 * @example
 * const loss = addLosses({ task: crossEntropy, activity: scaled(0.01, activityPenalty("y")) });
 */
export function addLosses(terms: Readonly<Record<string, Loss>>): Loss {
  const all = Object.entries(terms);
  const first = all[0];
  if (!first) throw new RangeError("addLosses: expected at least one loss");
  const [firstName, { unit }] = first;
  const losses = all.map(([, loss]) => loss);
  const output = losses.find((loss) => loss.output)?.output;
  const sumOf = (term: string, name: string) => name === SEQUENCES ? name : `${term}/${name}`;
  const total: LossMetric = {
    kind: "mean",
    summary: `Sum of ${all.map(([name]) => `${name.replaceAll("_", " ")} loss`).join(" and ")}.`,
    sums: ["loss", sumOf(firstName, metricOf(first[1], "loss").sums[1]!)],
  };
  const sum: Loss = {
    name: losses.map(({ name }) => name).join(" + "),
    ...unit !== undefined && losses.every((loss) => loss.unit === unit) ? { unit } : {},
    ...losses.some(({ isClassification }) => isClassification) ? { isClassification: true } : {},
    ...output ? { output } : {},
    inputs: joinInputs(all),
    weighedBy: [...new Set(losses.flatMap(weightsOf))],
    reads: {
      observed: [...new Set(losses.flatMap(({ reads }) => reads?.observed ?? []))],
      state: [...new Set(losses.flatMap(({ reads }) => reads?.state ?? []))],
    },
    step(step): LossStep {
      const judged = all.map(([term, loss]) => ({ term, loss, step: loss.step(step) }));
      const shown = judged.map(({ loss, step: { sums } }) =>
        sums[metricOf(loss, "loss").sums[0]!]!
      );
      const sum = (values: readonly Value[]) => values.reduce((a, b) => add(a, b));
      return {
        loss: sum(judged.map(({ step }) => step.loss)),
        weight: judged.map(({ step }) => step.weight).reduce((a, b) => maximum(a, b)),
        sums: Object.fromEntries([
          ["loss", sum(shown)],
          ...judged.flatMap(({ term, step: { sums } }) =>
            Object.entries(sums).map(([name, value]) => [sumOf(term, name), value] as const)
          ),
        ]),
      };
    },
    sequenceSums: Object.fromEntries(
      all.flatMap(([term, { sequenceSums = {} }]) =>
        Object.entries(sequenceSums).map(([name, { of, make }]) => [
          sumOf(term, name),
          { of: of.map((part) => sumOf(term, part)), make },
        ])
      ),
    ),
    metrics: { loss: total, ...joinMetrics(all, sumOf) },
  };
  return definedAt(sum, callerPlace());
}

/**
 * The metrics of all terms, under names that tell them apart.
 *
 * @throws RangeError if that fails, as for terms `a` with a metric `b_loss` and `a_b`.
 */
function joinMetrics(
  terms: readonly (readonly [name: string, loss: Loss])[],
  sumOf: (term: string, sum: string) => string,
): Record<string, LossMetric> {
  const names = terms.flatMap(([term, loss]) => [`${term}_loss`, ...Object.keys(loss.metrics)]);
  const isShared = (name: string) => names.indexOf(name) !== names.lastIndexOf(name);
  const metrics: Record<string, LossMetric> = {};
  for (const [term, loss] of terms) {
    for (const [name, metric] of metricsOf(loss)) {
      const joined = name === "loss" || isShared(name) ? `${term}_${name}` : name;
      if (Object.hasOwn(metrics, joined)) {
        throw new RangeError(
          `addLosses: two metrics would be called "${joined}"; expected other names of terms`,
        );
      }
      metrics[joined] = { ...metric, sums: metric.sums.map((sum) => sumOf(term, sum)) };
    }
  }
  return metrics;
}

/**
 * The inputs of all terms. One that a term may do without is needed if another needs it.
 *
 * @throws RangeError if two terms declare one in different ways.
 */
function joinInputs(terms: readonly (readonly [name: string, loss: Loss])[]): InputDeclarations {
  const inputs: Record<string, InputDeclaration> = {};
  for (const [, loss] of terms) {
    for (const [name, declaration] of Object.entries(loss.inputs)) {
      const [before, now] = [
        describeInput(inputs[name] ?? declaration),
        describeInput(declaration),
      ];
      const isOptional = before.missing !== undefined && now.missing !== undefined;
      const isSame = sameShape(before.shape, now.shape) && before.perStep === now.perStep &&
        !(isOptional && before.missing !== now.missing);
      if (!isSame) {
        throw new RangeError(
          `addLosses: the input "${name}" of loss ${loss.name} is a ${explainInput(now)}; of ` +
            `another loss a ${explainInput(before)}`,
        );
      }
      inputs[name] = before.missing === undefined ? before : now;
    }
  }
  return inputs;
}

const explainInput = ({ shape, perStep, missing }: ReturnType<typeof describeInput>): string =>
  describeShape(shape) + (perStep ? "" : ", fixed") +
  (missing === undefined ? "" : `, ${missing} where it is left out`);
