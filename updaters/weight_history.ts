/**
 * Fast weights that no step stores. Between wipes the weights of a sequence are a matrix that all sequences
 * share, plus an outer product a step: with p_s and x_s the two vectors of the change at step s, M the mask, a the
 * rate of highly plastic weights and k what they keep of themselves in an update,
 *
 *   W_t = W̄ + Σ_{s<t} p_s ⊗ x_s + M ∘ Σ_{s<t} e_s ⊗ x_s,   e_s = (a k^(t-1-s) - 1) p_s
 *
 * So a step keeps its vectors, as columns of matrices [post, T] and [pre, T], and W_t v is taken from them
 * (`factorProducts`): a step reads W̄ and M, which the sequences share, in place of B matrices. The last stage makes
 * these matrices once.
 */
import type { Value } from "../core/program/elementwise.ts";
import {
  add,
  batchMean,
  column,
  equal,
  iota,
  matmul,
  mul,
  neg,
  perSequence,
  row,
  stepIndex,
  sub,
  transpose,
  where,
} from "../core/program/language.ts";
import type { LinearLayer } from "../core/program/node.ts";
import type { StageBuilder } from "../core/program/program.ts";
import { factorsOf } from "./kept_factors.ts";
import { isFast, layersOf, slotOf } from "./layers.ts";
import { maskNumbers } from "./mask_numbers.ts";
import type { PlasticForm, PlasticLearning } from "./plastic_layers.ts";
import { nextBias } from "./plastic_update.ts";

/** The slots of a layer. */
const slotsOf = ({ name }: LinearLayer) => ({
  /** W̄, [post, pre]. */
  shared: `history/shared/${name}`,
  /** x_s, [pre, T]. */
  pre: `history/pre/${name}`,
  /** p_s, [post, T]; 0 where only highly plastic weights change. */
  post: `history/post/${name}`,
  /** e_s, [post, T]. */
  extra: `history/extra/${name}`,
});

/**
 * Whether the weights of these layers are such a sum: they are wiped before every batch, no bound or decay acts on
 * single weights, no schedule on some of them, and rate and forgetting are numbers of the mask.
 */
export function hasHistory(layers: readonly LinearLayer[], plastic: PlasticLearning): boolean {
  const { gradClip, clipWeights, fastWeightClamp, normalizeOver, slowWeightDecay } = plastic.rule;
  const ofSingleWeights = [gradClip, clipWeights, fastWeightClamp, slowWeightDecay];
  return plastic.wipeEvery === 1 && !plastic.isScheduled && normalizeOver === undefined &&
    ofSingleWeights.every((bound) => bound === 0) &&
    layers.every((layer) => maskNumbers(layer, plastic) !== undefined);
}

/** Every sequence keeps what it changed. */
export function weightHistory(plastic: PlasticLearning): PlasticForm {
  const { learning, builder } = plastic;
  const fastLayers = (stage: StageBuilder) => layersOf(stage, learning).filter(isFast);
  return {
    wipes: true,
    begin: (stage) => fastLayers(stage).forEach((layer) => begin(stage, layer, plastic)),
    step(stage) {
      const layers = fastLayers(stage);
      const weights = layers.map((layer) =>
        [slotOf(layer.weight), weightOf(stage, layer, plastic)] as const
      );
      return {
        weights: Object.fromEntries(weights),
        learn(name, gradient) {
          const layer = layers.find((layer) => layer.name === name)!;
          keepChange(stage, layer, { ...plastic, gradient: gradient.weight });
          if (!layer.bias || plastic.freezesSlow) return;
          const bias = nextBias(layer, gradient.bias, stage.load("learning_rate"));
          stage.store(slotOf(layer.bias), bias!);
        },
      };
    },
    settle(procedure) {
      // What is only judged leaves no weights.
      if (procedure === "evaluate") return;
      builder.stage(procedure, { name: "settle" }, (stage) => {
        for (const layer of fastLayers(stage)) {
          stage.store(slotOf(layer.weight), weightOf(stage, layer, plastic));
        }
      });
    },
  };
}

/** Wipes a layer: highly plastic weights are 0, the others their mean over the sequences. Nothing changed yet. */
function begin(
  stage: StageBuilder,
  layer: LinearLayer,
  { builder, learning, trains }: PlasticLearning,
): void {
  const { weight, plasticity } = layer;
  const [post, pre] = weight.shape as readonly [number, number];
  const slots = slotsOf(layer);
  builder.slot(slots.shared, { kind: "state", shape: weight.shape });
  stage.store(slots.shared, where(plasticity!.mask, 0, batchMean(weight)));
  if (!trains(layer)) return;
  const rows = [[slots.pre, pre], [slots.post, post], [slots.extra, post]] as const;
  for (const [slot, length] of rows) {
    const shape = [length, learning.extents.steps] as const;
    builder.slot(slot, { kind: "state", shape, hasBatchAxis: true });
    stage.store(slot, 0);
  }
}

/** The weights of a sequence after the steps so far. */
function weightOf(stage: StageBuilder, layer: LinearLayer, { trains }: PlasticLearning): Value {
  const slots = slotsOf(layer);
  const shared = stage.load(slots.shared);
  // What is wiped has nothing to forget.
  if (!trains(layer)) return perSequence(shared);
  const inputs = transpose(stage.load(slots.pre));
  const [post, extra] = [stage.load(slots.post), stage.load(slots.extra)];
  return add(shared, matmul(post, inputs), mul(layer.plasticity!.mask, matmul(extra, inputs)));
}

/** Keeps the change of this step; what highly plastic weights changed before, p_s + e_s, fades. */
function keepChange(
  stage: StageBuilder,
  layer: LinearLayer,
  plastic: PlasticLearning & { readonly gradient: Value },
): void {
  const { rule, freezesSlow } = plastic;
  const slots = slotsOf(layer);
  const [before, extra] = [stage.load(slots.post), stage.load(slots.extra)];
  const { rate, keep } = maskNumbers(layer, plastic)!;
  const [post, pre] = factorsOf(plastic.gradient, layer.name);
  const change = mul(neg(post), stage.load("learning_rate"));
  const fast = rule.forgetting === "before"
    ? withColumn(mul(add(before, extra), keep), mul(change, rate))
    : mul(withColumn(add(before, extra), mul(change, rate)), keep);
  const next = freezesSlow ? before : withColumn(before, change);
  stage.store(slots.pre, withColumn(stage.load(slots.pre), pre));
  if (!freezesSlow) stage.store(slots.post, next);
  stage.store(slots.extra, sub(fast, next));
}

/** A matrix [n, T] with a vector in the column of this step. */
function withColumn(matrix: Value, vector: Value): Value {
  const isNow = equal(iota(matrix, matrix.shape[1]!), stepIndex(matrix));
  return where(row(isNow), column(vector), matrix);
}
