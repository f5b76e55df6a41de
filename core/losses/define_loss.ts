/** `defineLoss`: a loss as its author writes it. */
import { describeShape, sizeOf } from "../axes.ts";
import { CodeError } from "../code_error.ts";
import { callerPlace, definedAt } from "../code_place.ts";
import { checkKeys, type KeysOf } from "../program/check_spec.ts";
import { describeThing, isValue, type Value } from "../program/elementwise.ts";
import { type InputDeclarations, optional } from "../program/input.ts";
import { filled, less, mul, sum, where } from "../program/language.ts";
import { placeOf } from "../program/place_of.ts";
import { didYouMean } from "../similar_name.ts";
import type { JudgedStep, Loss, LossStep } from "./loss.ts";
import type { LossMetric } from "./loss_metric.ts";
import { mean, SEQUENCES } from "./metric_kinds.ts";

const DEFAULT_SUMMARY = "Mean loss of a judged step.";

/** What an author makes of one step of one sequence. */
export interface StepLoss {
  /** Loss of the step, scalar. */
  readonly loss: Value;
  /** Factor on it, scalar; 0 leaves the step out, whatever its output is. Default: 1. */
  readonly weight?: Value;
  /** Values that metrics are made of, of any shape: their elements are summed. */
  readonly sums?: Readonly<Record<string, Value>>;
}

/** What an author writes of a loss: I are its inputs, O and S what it reads of a model, M its metrics. */
export interface LossSpec<
  I extends InputDeclarations,
  O extends string,
  S extends string,
  M extends string = string,
> extends Pick<Loss, "name" | "unit" | "isClassification" | "output"> {
  /** Inputs that the task draws, by name; `optional` ones it may leave out. */
  readonly inputs: I;
  /** The scalar input by which the task weighs steps; default: "weight". It may leave it out. */
  readonly weighedBy?: string;
  /** What it reads of a model beside the output; a model without is refused. */
  readonly reads?: { readonly observed?: readonly O[]; readonly state?: readonly S[] };
  /** Judges one step. */
  readonly step: (
    step: Pick<JudgedStep, "output"> & {
      /** Values that the step of the model names on the way. */
      readonly observed: Readonly<Record<O, Value>>;
      /** The state after the step. */
      readonly state: Readonly<Record<S, Value>>;
      /** The inputs. */
      readonly targets: Readonly<Record<keyof I, Value>>;
    },
  ) => StepLoss;
  /** Metrics of `loss`, `steps` (1 a step) and the names in `sums`; see `metric`. `loss` is always there. */
  readonly metrics?: Readonly<Record<M, LossMetric>>;
}

/**
 * Makes a loss of one step written as equations. The task may weigh steps by a scalar input `weight`; where
 * it gives none, every step of a sequence counts 1. Padding and steps of weight 0 add nothing, whatever their
 * output is: NaN included. What training lowers is the mean over sequences of Σ weight · loss; metrics count
 * every judged step alike.
 *
 * @throws CodeError for a key that is unknown or missing. So does a program that is built with it if the loss
 *   of a step is no scalar, or a metric names a value that the step does not give.
 * @example
 * const squaredDistance = defineLoss({
 *   name: "squared-distance", unit: "mV²", inputs: { target: [2] },
 *   step({ output, targets: { target } }) {
 *     const error = sub(output, target);
 *     return { loss: sum(square(error)), sums: { error } };
 *   },
 *   metrics: { error: metric.rootMeanSquare("error", { unit: "mV", better: "less" }) },
 * });
 */
export function defineLoss<
  const I extends InputDeclarations,
  const O extends string = never,
  const S extends string = never,
  const M extends string = never,
>(spec: LossSpec<I, O, S, M>): Loss<"loss" | M> {
  checkKeys("defineLoss", spec, { keys: specKeys, functions: ["step"] });
  checkKeys("defineLoss: reads", spec.reads ?? {}, { keys: readsKeys });
  const { step, inputs, weighedBy = "weight", metrics, ...facts } = spec;
  const all = { loss: mean("loss", { per: "steps", summary: DEFAULT_SUMMARY }), ...metrics };
  const names = new Set(Object.values<LossMetric>(all).flatMap(({ sums }) => sums));
  names.delete(SEQUENCES);
  const place = callerPlace();
  const isWeighedByAuthor = Object.hasOwn(inputs, weighedBy);
  const loss: Loss<"loss" | M> = {
    ...facts,
    weighedBy: [weighedBy],
    inputs: { ...isWeighedByAuthor ? {} : { [weighedBy]: optional([]) }, ...inputs },
    step(judged): LossStep {
      // `reads` is checked before a loss is applied, and a program loads every input.
      const trace = () => step(judged as Parameters<typeof step>[0]);
      const { loss, weight, sums } = trace() ?? {};
      if (!isValue(loss) || loss.shape.length > 0) {
        const got = isValue(loss)
          ? `a ${describeShape(loss.shape)}; take its sum or mean`
          : describeThing(loss);
        throw new CodeError(
          `Loss ${spec.name}: expected a scalar loss of a step, got ${got}`,
          (isValue(loss) ? placeOf(loss.graph, trace, loss) : undefined) ?? place(),
        );
      }
      const given = judged.targets[weighedBy]!;
      const weights = weight === undefined
        ? given
        : isWeighedByAuthor
        ? weight
        : mul(given, weight);
      const counts = less(0, weights);
      const values = { steps: filled(loss, 1, []), ...sums, loss };
      const sumOf = createSummation(spec.name, { values, place });
      return {
        loss: where(counts, mul(weights, loss), 0),
        weight: counts,
        sums: Object.fromEntries(
          [...names].map((name) => [name, where(counts, sumOf(name), 0)]),
        ),
      };
    },
    metrics: all as Record<"loss" | M, LossMetric>,
  };
  return definedAt(loss, place);
}

const readsKeys = { observed: "optional", state: "optional" } as const;

const specKeys: KeysOf<LossSpec<InputDeclarations, string, string>> = {
  name: "required",
  unit: "optional",
  isClassification: "optional",
  output: "optional",
  inputs: "required",
  weighedBy: "optional",
  reads: "optional",
  step: "required",
  metrics: "optional",
};

/** Makes the sums of a step: of values, of products `a*b`, and the number of elements `a#`. */
function createSummation(
  loss: string,
  { values, place }: {
    values: Readonly<Record<string, Value>>;
    /** Where the loss was defined. */
    place: () => string | undefined;
  },
) {
  const find = (name: string): Value => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (isValue(value)) return value;
    if (value !== undefined) {
      throw new CodeError(
        `Loss ${loss}: expected a traced value as sum "${name}" of a step, got ${
          describeThing(value)
        }`,
        place(),
      );
    }
    const names = Object.keys(values);
    throw new CodeError(
      `Loss ${loss}: a metric is made of "${name}"${didYouMean(name, names)}; the step gives ${
        names.join(", ")
      }`,
      place(),
    );
  };
  return (name: string): Value => {
    if (Object.hasOwn(values, name)) return sum(find(name));
    if (name.endsWith("#")) {
      const value = find(name.slice(0, -1));
      return filled(value, sizeOf(value.shape), []);
    }
    const [first = "", ...others] = name.split("*");
    return sum(others.map(find).reduce((product, factor) => mul(product, factor), find(first)));
  };
}
