/**
 * Fast weights of which every sequence has a copy, [P, B, post, pre], that every step reads and writes.
 *
 * Updates are deferred: the change of a step is applied by the pass that reads the weights in the next
 * step, so that each step reads and writes a weight once. A stage after the loop applies the last change.
 * With `normalize` changes are applied at once, since the norm must be known before a weight is used.
 */
import type { Value } from "../core/program/elementwise.ts";
import { where } from "../core/program/language.ts";
import type { LinearLayer } from "../core/program/node.ts";
import type { StageBuilder } from "../core/program/program.ts";
import {
  type PlasticForm,
  type PlasticLayers,
  type PlasticLearning,
  ruleNow,
} from "./plastic_layers.ts";
import { forget, plasticUpdate, withRates } from "./plastic_update.ts";
import { factorSlots, factorsOf, keptProduct } from "./kept_factors.ts";
import { isFast, layersOf, slotOf } from "./layers.ts";

const STARTED = "deferred/started";
/** The group of slots that keep the gradients of the step before. */
const DEFERRED = "deferred";

const isDeferred = ({ rule }: PlasticLearning): boolean => rule.normalizeOver === undefined;

const preparedSlots = (layer: LinearLayer) => ({
  rate: `prepared/rate/${layer.name}`,
  keep: `prepared/keep/${layer.name}`,
});

/** The layer, with its rates loaded from slots instead of computed for every sequence and step. */
function withPreparedRates(stage: StageBuilder, layer: LinearLayer): LinearLayer {
  const slots = preparedSlots(layer);
  const [rate, keep] = [stage.load(slots.rate), stage.load(slots.keep)];
  return { ...layer, plasticity: { ...layer.plasticity!, rate, keep } };
}

/** The next weight, of `next` where it may change. */
const written = (
  { weight, plasticity }: LinearLayer,
  next: Value,
  { freezesSlow }: PlasticLearning,
): Value => freezesSlow ? where(plasticity!.mask, next, weight) : next;

/** W after the deferred change. */
function withDeferredUpdate(
  stage: StageBuilder,
  plain: LinearLayer,
  plastic: PlasticLearning,
): Value {
  const { trains } = plastic;
  const layer = withPreparedRates(stage, plain);
  const change = (next: Value) =>
    where(stage.load(STARTED), written(layer, next, plastic), layer.weight);
  if (!trains(layer)) return change(forget(layer));
  const gradient = { weight: keptProduct(stage, DEFERRED, layer), bias: undefined };
  const { weight } = plasticUpdate(layer, gradient, ruleNow(stage, plastic));
  return change(weight);
}

/** Every sequence has a copy of the weights. */
export const storedWeights = (plastic: PlasticLearning): PlasticForm => ({
  wipes: false,
  begin: (stage) => clearDeferred(stage, plastic),
  step: (stage) => stepOf(stage, plastic),
  settle: (procedure) => applyDeferred(procedure, plastic),
});

/** Begins a step of the fast layers, before the model is traced. */
function stepOf(stage: StageBuilder, plastic: PlasticLearning): PlasticLayers {
  const { learning, rule, trains } = plastic;
  const layers = new Map(
    layersOf(stage, learning).filter(isFast).map((layer) => [layer.name, layer]),
  );
  const deferred = isDeferred(plastic);
  const weights: Record<string, Value> = {};
  if (deferred && layers.size > 0) {
    for (const layer of layers.values()) {
      const slot = slotOf(layer.weight);
      weights[slot] = withDeferredUpdate(stage, layer, plastic);
      stage.store(slot, weights[slot]);
    }
    stage.store(STARTED, 1);
  } else {
    for (const layer of layers.values()) {
      if (trains(layer)) continue;
      stage.store(slotOf(layer.weight), written(layer, forget(withRates(layer, rule)), plastic));
    }
  }
  return {
    weights,
    learn(name, gradient) {
      const layer = layers.get(name)!;
      const next = plasticUpdate(withRates(layer, rule), gradient, ruleNow(stage, plastic));
      if (layer.bias && !plastic.freezesSlow) stage.store(slotOf(layer.bias), next.bias!);
      if (!deferred) {
        stage.store(slotOf(layer.weight), written(layer, next.weight, plastic));
        return;
      }
      const slots = factorSlots(DEFERRED, layer);
      factorsOf(gradient.weight, name).forEach((value, index) => stage.store(slots[index]!, value));
    },
  };
}

/** Begins a batch: declares the slots that a step needs; nothing is deferred yet. */
function clearDeferred(stage: StageBuilder, plastic: PlasticLearning): void {
  const { builder, learning, rule, trains } = plastic;
  const layers = layersOf(stage, learning).filter(isFast);
  if (!isDeferred(plastic) || layers.length === 0) return;
  builder.slot(STARTED, { kind: "state", hasBatchAxis: true });
  stage.store(STARTED, 0);
  for (const layer of layers) {
    const { rate, keep } = preparedSlots(layer);
    const { shape } = layer.weight;
    for (const slot of [rate, keep]) builder.slot(slot, { kind: "state", shape });
    const { plasticity } = withRates(layer, rule);
    stage.store(rate, plasticity!.rate);
    stage.store(keep, plasticity!.keep!);
  }
  for (const layer of layers.filter(trains)) {
    const shapes = [layer.output.shape, layer.input.shape];
    factorSlots(DEFERRED, layer).forEach((slot, index) => {
      builder.slot(slot, { kind: "state", shape: shapes[index], hasBatchAxis: true });
      stage.store(slot, 0);
    });
  }
}

/** Adds the stage that applies the last change of a batch. */
function applyDeferred(procedure: string, plastic: PlasticLearning): void {
  if (!isDeferred(plastic)) return;
  plastic.builder.stage(procedure, { name: "settle" }, (stage) => {
    for (const layer of layersOf(stage, plastic.learning).filter(isFast)) {
      stage.store(slotOf(layer.weight), withDeferredUpdate(stage, layer, plastic));
    }
  });
}
