/** Back-propagation through time: one update per batch, from the exact gradient of the loss of whole sequences. */
import { z } from "../deps/zod.ts";
import { throughTime } from "../core/autodiff/through_time.ts";
import type { Value } from "../core/program/elementwise.ts";
import type { LinearLayer } from "../core/program/node.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { averagesOf, declareAverages, updateAverages } from "./average.ts";
import { beginBatch } from "./begin_batch.ts";
import { reportCounts } from "./counts.ts";
import { forwardOnly } from "./forward_only.ts";
import { stepForward } from "./forward_step.ts";
import { isFast, layersOf, slotOf } from "./layers.ts";
import { measureNorms } from "./measure.ts";
import { declareLearning } from "./model_memory.ts";
import { type SlowWeightConfig, slowWeightConfig } from "./optimizers/config.ts";
import {
  forget,
  onFastWeights,
  plasticConfig,
  plasticUpdate,
  weightChange,
} from "./plastic_update.ts";
import { updateSlowWeights } from "./shared_update.ts";
import { defineUpdater, type Learning, type Updater } from "./updater.ts";
import type { BpttSettings } from "./settings.ts";

/**
 * Back-propagation through time. The tape grows with T.
 *
 * @example
 * const extents = { replicas: 1, sequences: 8, steps: task.steps };
 * const program = bptt.build({ model, loss: task.loss, extents }, { optimizer: "adam", learning_rate: 1e-3 });
 */
export const bptt: Updater<BpttSettings> = defineUpdater({
  name: "bptt",
  summary: "Back-propagation through the whole sequence (Werbos 1990)",
  config: z.strictObject({
    ...plasticConfig,
    ...slowWeightConfig,
    truncate: z.int().min(0).max(1_000_000).default(0).describe(
      "Let gradients flow back over at most this many steps at a time (0: all)",
    ),
    average_share: z.number().min(0).max(1).refine((share) => share === 0 || share >= 1e-6, {
      error: "expected 0, or 0.000001 to 1",
    }).default(0).describe(
      "Share of all updates, about the latest ones, over which slow weights are averaged for the network that is judged and kept; takes a second run forward (0: off)",
    ),
  }),
  actsOn: onFastWeights,
  unusedWithFastWeights: ["clip_weights", "normalize", "grad_clip"],
  build(learning, config) {
    const { average_share: share, truncate } = config;
    const builder = declareLearning(learning, { learningRate: config.learning_rate });
    beginBatch(builder, learning);
    const gradientOf = throughTime(builder, "train", {
      truncate,
      write: (stage) => stepForward(stage, { builder, learning, count: share === 0 }),
    });
    if (share > 0) judgeAverages(builder, learning, share);
    builder.stage("train", { name: "finish" }, (stage) => {
      update(stage, { builder, learning, config, gradientOf: (slot) => gradientOf(stage, slot) });
    });
    reportCounts(builder, learning, "train");
    forwardOnly(builder, learning, {
      weights: (stage) => share > 0 ? averagesOf(stage, learning.model.parameters) : {},
    });
    measureNorms(builder, learning, (stage, layer) => {
      if (!isFast(layer)) return undefined;
      const gradient = gradientOf(stage, slotOf(layer.weight));
      return gradient && weightChange(layer, gradient, { gradClip: 0 });
    });
    return builder.build();
  },
});

/**
 * Updates the averages, and runs the same sequences again with them, before the weights are updated. The
 * averaged network is the one whose metrics are counted.
 */
function judgeAverages(builder: ProgramBuilder, learning: Learning, share: number): void {
  const { parameters } = learning.model;
  declareAverages(builder, parameters);
  builder.stage("train", { name: "average" }, (stage) => {
    updateAverages(stage, { parameters, share });
  });
  beginBatch(builder, learning);
  builder.stage("train", { name: "judge", loop: "forward" }, (stage) => {
    stepForward(stage, { builder, learning, weights: averagesOf(stage, parameters) });
  });
}

/** Updates all weights from the gradient of the whole sequence. */
function update(
  stage: StageBuilder,
  { builder, learning, config, gradientOf }: {
    builder: ProgramBuilder;
    learning: Learning;
    config: SlowWeightConfig & { readonly grad_clip: number };
    gradientOf: (slot: string) => Value | undefined;
  },
): void {
  const layers = layersOf(stage, learning).filter(isFast);
  for (const layer of layers) updateFast(stage, layer, gradientOf);
  const plastic = new Set(
    layers.flatMap(({ weight, bias }) => [weight, ...bias ? [bias] : []]).map(slotOf),
  );
  updateSlowWeights(stage, {
    builder,
    learning,
    config,
    // In a network with fast weights grad_clip is for these alone.
    gradClip: layers.length > 0 ? 0 : config.grad_clip,
    gradientOf,
    isUpdated: (name) => !plastic.has(name),
  });
}

/** Updates a fast layer. One that the loss does not depend on only forgets. */
function updateFast(
  stage: StageBuilder,
  layer: LinearLayer,
  gradientOf: (slot: string) => Value | undefined,
): void {
  const weightSlot = slotOf(layer.weight);
  const weight = gradientOf(weightSlot);
  const bias = layer.bias && gradientOf(slotOf(layer.bias));
  if (!weight) {
    stage.store(weightSlot, forget(layer));
    return;
  }
  const next = plasticUpdate(layer, { weight, bias }, {
    learningRate: stage.load("learning_rate"),
    gradClip: 0,
    clipWeights: 0,
    normalize: false,
  });
  stage.store(weightSlot, next.weight);
  if (bias) stage.store(slotOf(layer.bias!), next.bias!);
}
