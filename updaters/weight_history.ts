/**
 * Fast weights that no step stores. Between wipes the weights of a sequence are a matrix that all sequences
 * share, plus an outer product a step: with p_s and x_s the two vectors of the change at step s, M the mask, a the
 * rate of highly plastic weights and k what they keep of themselves in an update,
 *
 *   W_t = W̄ + Σ_{s<t} p_s ⊗ x_s + M ∘ Σ_{s<t} (a k^(t-1-s) - 1) p_s ⊗ x_s
 *
 * So a step keeps its vectors, as rows of matrices [T, post] and [T, pre], and W_t v is taken from them
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
  less,
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
  /** x_s, [T, pre]. */
  pre: `history/pre/${name}`,
  /** p_s, [T, post]. */
  post: `history/post/${name}`,
  /** a k^(t-1-s), [T]: what highly plastic weights keep of p_s; each sequence has it, so that none waits for others. */
  kept: `history/kept/${name}`,
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
        [slotOf(layer.weight), weightNow(stage, layer, plastic)] as const
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
          stage.store(slotOf(layer.weight), weightAtEnd(stage, layer, plastic));
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
  const { steps } = learning.extents;
  const shapes = [
    [slots.pre, [steps, pre]],
    [slots.post, [steps, post]],
    [slots.kept, [steps]],
  ] as const;
  for (const [slot, shape] of shapes) {
    builder.slot(slot, { kind: "state", shape, hasBatchAxis: true });
    stage.store(slot, 0);
  }
}

/** The rows of the steps before this one; the others are 0. They are so anyway, but a schedule can tell by this. */
function soFar(rows: Value): Value {
  const isBefore = less(iota(rows, rows.shape[0]!), stepIndex(rows));
  return where(column(isBefore), rows, 0);
}

/** The weights of a sequence after the steps before this one. */
function weightNow(stage: StageBuilder, layer: LinearLayer, plastic: PlasticLearning): Value {
  const slots = slotsOf(layer);
  const shared = stage.load(slots.shared);
  // What is wiped has nothing to forget.
  if (!plastic.trains(layer)) return perSequence(shared);
  const pre = soFar(stage.load(slots.pre));
  const [post, kept] = [stage.load(slots.post), stage.load(slots.kept)];
  const { mask } = layer.plasticity!;
  const sumOf = (rows: Value) => matmul(transpose(rows), pre);
  if (plastic.freezesSlow) return add(shared, mul(mask, sumOf(mul(column(kept), post))));
  return add(shared, sumOf(post), mul(mask, sumOf(mul(column(sub(kept, 1)), post))));
}

/** The weights of a sequence after all steps. */
function weightAtEnd(stage: StageBuilder, layer: LinearLayer, { trains }: PlasticLearning): Value {
  const slots = slotsOf(layer);
  const shared = stage.load(slots.shared);
  if (!trains(layer)) return perSequence(shared);
  const [pre, kept] = [stage.load(slots.pre), stage.load(slots.kept)];
  const post = transpose(stage.load(slots.post));
  const { mask } = layer.plasticity!;
  return add(shared, where(mask, matmul(post, mul(column(kept), pre)), matmul(post, pre)));
}

/** Keeps the change of this step; what highly plastic weights changed before fades. */
function keepChange(
  stage: StageBuilder,
  layer: LinearLayer,
  plastic: PlasticLearning & { readonly gradient: Value },
): void {
  const slots = slotsOf(layer);
  const { rate, keep } = maskNumbers(layer, plastic)!;
  const [post, pre] = factorsOf(plastic.gradient, layer.name);
  const change = mul(neg(post), stage.load("learning_rate"));
  const kept = stage.load(slots.kept);
  const isNow = equal(iota(kept, kept.shape[0]!), stepIndex(kept));
  const next = plastic.rule.forgetting === "before"
    ? where(isNow, rate, mul(kept, keep))
    : mul(where(isNow, rate, kept), keep);
  const withRow = (slot: string, vector: Value) =>
    stage.store(slot, where(column(isNow), row(vector), stage.load(slot)));
  withRow(slots.pre, pre);
  withRow(slots.post, change);
  stage.store(slots.kept, next);
}
