/**
 * The fast layers of a network under a rule that learns after every step.
 *
 * The change that a step makes is applied by the pass that reads the weights in the next step, so a
 * weight is read once and written once a step; a stage after the loop applies the last change. With
 * `normalize` the norm must be known before a weight can be used, and changes are applied at once.
 */
import { separate } from "../core/autodiff/separate.ts";
import type { Value } from "../core/program/elementwise.ts";
import { outer, where } from "../core/program/language.ts";
import type { Tap } from "../core/program/node.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { forget, keepOf, type PlasticRule, plasticUpdate } from "./plastic_update.ts";
import { isFast, slotOf, tapsOf } from "./scaffold.ts";
import type { Learning } from "./updater.ts";

/** A rule, and which of the fast layers it trains; the others only forget. */
export interface PlasticLearning {
  readonly builder: ProgramBuilder;
  readonly learning: Learning;
  readonly rule: Omit<PlasticRule, "learningRate">;
  readonly trains: (tap: Tap) => boolean;
}

export interface PlasticLayers {
  /** Weights as this step uses them, by slot: what the model is traced with. */
  readonly weights: Readonly<Record<string, Value>>;
  /** Takes the gradient of a fast layer at this step; the bias gradient is a batch mean. */
  learn(layer: string, gradient: { weight: Value; bias: Value | undefined }): void;
}

const STARTED = "pending/started";
const factorSlots = (tap: Tap) => [`pending/post/${tap.name}`, `pending/pre/${tap.name}`] as const;

const isDeferred = ({ rule }: PlasticLearning): boolean => !rule.normalize;

const preparedSlots = (tap: Tap) => ({
  rate: `prepared/rate/${tap.name}`,
  keep: `prepared/keep/${tap.name}`,
});

/** The layer with its rates read from memory instead of made anew for every sequence and step. */
function withPreparedRates(stage: StageBuilder, tap: Tap): Tap {
  const slots = preparedSlots(tap);
  const [rate, keep] = [stage.load(slots.rate), stage.load(slots.keep)];
  return { ...tap, plasticity: { ...tap.plasticity!, rate, keep } };
}

/** W after the change that is pending. */
function settled(stage: StageBuilder, plain: Tap, { rule, trains }: PlasticLearning): Value {
  const tap = withPreparedRates(stage, plain);
  if (!trains(tap)) return where(stage.load(STARTED), forget(tap), tap.weight);
  const [post, pre] = factorSlots(tap);
  const gradient = { weight: outer(stage.load(post), stage.load(pre)), bias: undefined };
  const learningRate = stage.load("learning_rate");
  const { weight } = plasticUpdate(tap, gradient, { ...rule, learningRate });
  return where(stage.load(STARTED), weight, tap.weight);
}

/** Opens the fast layers in a step, before the model is traced. */
export function plasticLayers(stage: StageBuilder, plastic: PlasticLearning): PlasticLayers {
  const { learning, rule, trains } = plastic;
  const taps = new Map(tapsOf(stage, learning).filter(isFast).map((tap) => [tap.name, tap]));
  const deferred = isDeferred(plastic);
  const weights: Record<string, Value> = {};
  if (deferred && taps.size > 0) {
    for (const tap of taps.values()) {
      const slot = slotOf(tap.weight);
      weights[slot] = settled(stage, tap, plastic);
      stage.store(slot, weights[slot]);
    }
    stage.store(STARTED, 1);
  } else {
    for (const tap of taps.values()) {
      if (!trains(tap)) stage.store(slotOf(tap.weight), forget(tap));
    }
  }
  return {
    weights,
    learn(layer, gradient) {
      const tap = taps.get(layer)!;
      const learningRate = stage.load("learning_rate");
      const next = plasticUpdate(tap, gradient, { ...rule, learningRate });
      if (tap.bias) stage.store(slotOf(tap.bias), next.bias!);
      if (!deferred) {
        stage.store(slotOf(tap.weight), next.weight);
        return;
      }
      const factors = separate(gradient.weight);
      if (!factors) throw new TypeError(`The gradient of ${layer} is no outer product`);
      const [post, pre] = factorSlots(tap);
      stage.store(post, factors.post);
      stage.store(pre, factors.pre);
    },
  };
}

/** Nothing is pending when a batch begins. Declares and prepares what `plasticLayers` needs. */
export function clearPending(stage: StageBuilder, plastic: PlasticLearning): void {
  const { builder, learning, trains } = plastic;
  const taps = tapsOf(stage, learning).filter(isFast);
  if (!isDeferred(plastic) || taps.length === 0) return;
  builder.slot(STARTED, { kind: "state", sequence: true });
  stage.store(STARTED, 0);
  for (const tap of taps) {
    const { rate, keep } = preparedSlots(tap);
    const { shape } = tap.weight;
    for (const slot of [rate, keep]) builder.slot(slot, { kind: "state", shape });
    stage.store(rate, tap.plasticity!.rate);
    stage.store(keep, keepOf(tap.plasticity!));
  }
  for (const tap of taps.filter(trains)) {
    const shapes = [tap.output.shape, tap.input.shape];
    factorSlots(tap).forEach((slot, index) => {
      builder.slot(slot, { kind: "state", shape: shapes[index], sequence: true });
      stage.store(slot, 0);
    });
  }
}

/** Adds the stage that applies the last change of a batch. */
export function settleLayers(procedure: string, plastic: PlasticLearning): void {
  if (!isDeferred(plastic)) return;
  plastic.builder.stage(procedure, { name: "settle" }, (stage) => {
    for (const tap of tapsOf(stage, plastic.learning).filter(isFast)) {
      stage.store(slotOf(tap.weight), settled(stage, tap, plastic));
    }
  });
}
