/**
 * The procedure `measure`: norms of weights and of their last changes.
 *
 * A model with fast layers: the norm over all sequences of highly plastic weights (on the mask) and of the
 * other weights, as a mean over layers, and that of the last gradient of all their weights together. Any other
 * model: the norm and variance of each parameter. Of slow weights: the norm of the last gradient, all together.
 */
import { sizeOf } from "../core/axes.ts";
import type { Value } from "../core/program/elementwise.ts";
import {
  add,
  batchSum,
  concat,
  div,
  filled,
  finite,
  square,
  sub,
  sum,
  where,
} from "../core/program/language.ts";
import type { LinearLayer } from "../core/program/node.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { factorSlots, factorsOf, keptProduct } from "./kept_factors.ts";
import { isFast, layersOf, slotOf } from "./layers.ts";
import { norm } from "./norm.ts";
import type { Learning } from "./updater.ts";

/** The slot that holds the norm of the gradient of all slow weights together, at the last update. */
export const GRADIENT_NORM = "train/gradient_norm";

/** The group of slots that keep the latest gradients of fast layers. */
const LAST = "last";

/** Keeps the factors of a layer's latest gradient; steps of padding (`weight` 0) do not count. */
export function keepFactors(
  stage: StageBuilder,
  layer: LinearLayer,
  { builder, gradient, weight }: { builder: ProgramBuilder; gradient: Value; weight: Value },
): void {
  const slots = factorSlots(LAST, layer);
  factorsOf(gradient, layer.name).forEach((value, index) => {
    const name = slots[index]!;
    builder.slot(name, { kind: "state", shape: value.shape, hasBatchAxis: true });
    stage.store(name, where(weight, value, stage.load(name)));
  });
}

/** The gradient that `keepFactors` kept. */
export const keptGradient = (stage: StageBuilder, layer: LinearLayer): Value =>
  keptProduct(stage, LAST, layer);

/** Mean squared distance from the mean, over all elements. */
function variance(x: Value): Value {
  const size = sizeOf(x.shape);
  const deviation = sub(x, div(sum(x), size));
  return div(sum(square(deviation)), size);
}

/** The norm and variance of every trained slow parameter; a single number is reported as it is. */
function parameterMeasures(stage: StageBuilder, { model }: Learning): [string, Value][] {
  return Object.entries(model.parameters).flatMap(([name, { trained, fast, shape }]) => {
    if (!trained || fast) return [];
    const value = stage.load(name);
    if (sizeOf(shape) === 1) return [[name, sum(value)] as [string, Value]];
    return [[`norm/${name}`, norm(value)], [`variance/${name}`, variance(value)]] satisfies [
      string,
      Value,
    ][];
  });
}

/** What is trained, and the memory of its optimizer: an update that overflows may show in either alone. */
function learnedSlots(builder: ProgramBuilder, { model: { parameters } }: Learning): string[] {
  const trained = Object.keys(parameters).filter((name) => parameters[name]!.trained);
  return [...trained, ...builder.slotsOf("optimizer")];
}

/** What a rule does to fast layers, in the stage of `measure`. */
export interface FastMeasures {
  /** The last gradient of a layer's weight, [P, B, post, pre]; undefined: the rule does not train it. */
  gradientOf(stage: StageBuilder, layer: LinearLayer): Value | undefined;
  /** The change that it makes of the weight, before the learning rate. */
  changeOf(layer: LinearLayer, gradient: Value): Value;
}

const noFastLayers: FastMeasures = { gradientOf: () => undefined, changeOf: (_, value) => value };

/**
 * Adds the procedure `measure`: norms as above, and how many numbers of what is trained and of its optimizer
 * are not finite.
 *
 * @param fast of a rule that trains fast layers: the last gradient of a layer's weight (undefined: it has none),
 *   and the change that it makes of it before the learning rate.
 */
export function measureNorms(
  builder: ProgramBuilder,
  learning: Learning,
  { gradientOf, changeOf }: FastMeasures = noFastLayers,
): void {
  builder.stage("measure", { name: "measure" }, (stage) => {
    const layers = layersOf(stage, learning);
    const zero = filled(stage.load("learning_rate"), 0, []);
    const means = (values: (layer: LinearLayer) => Value | undefined): Value[] => {
      const groups = { high: [] as Value[], low: [] as Value[] };
      for (const layer of layers) {
        const value = values(layer);
        if (!value) continue;
        const mask = layer.plasticity?.mask ?? filled(value, 0, value.shape);
        groups.high.push(norm(where(mask, value, 0)));
        groups.low.push(norm(where(mask, 0, value)));
      }
      return [groups.high, groups.low].map((norms) =>
        norms.length > 0 ? div(add(...norms), norms.length) : zero
      );
    };
    const broken = learnedSlots(builder, learning).map((name) => {
      const values = stage.load(name);
      const bad = sub(sizeOf(values.shape), sum(finite(values)));
      return bad.hasBatchAxis ? batchSum(bad) : bad;
    });
    const groups = (): [string, Value][] => {
      const gradients = new Map(
        layers.filter(isFast).flatMap((layer) => {
          const gradient = gradientOf(stage, layer);
          return gradient ? [[layer, gradient] as const] : [];
        }),
      );
      const [high, low] = means(({ weight }) => stage.load(slotOf(weight)));
      const [highChange, lowChange] = means((layer) => {
        const gradient = gradients.get(layer);
        return gradient && changeOf(layer, gradient);
      });
      return [
        ...gradients.size > 0
          ? [["fast_gradient_norm", norm(...gradients.values())] satisfies [string, Value]]
          : [],
        ["weight_norm_high", high!],
        ["weight_norm_low", low!],
        ["update_norm_high", highChange!],
        ["update_norm_low", lowChange!],
      ];
    };
    const measured = layers.some(isFast) ? groups() : parameterMeasures(stage, learning);
    if (builder.hasSlot(GRADIENT_NORM)) {
      measured.push(["gradient_norm", stage.load(GRADIENT_NORM)]);
    }
    measured.push(["not_finite", add(...broken)]);
    const shape = [measured.length] as const;
    builder.slot("metrics/measure", { kind: "metric", shape, hasChunkAxis: true });
    builder.nameMetrics("measure", measured.map(([name]) => name));
    stage.store("metrics/measure", concat(...measured.map(([, value]) => value)));
  });
}
