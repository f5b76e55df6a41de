/** Back-propagation through time: the exact gradient of the whole sequence's loss, one update each. */
import { z } from "zod";
import { scalar } from "../core/program/declaration.ts";
import { throughTime } from "../core/autodiff/through_time.ts";
import { averagesOf, declareAverages, updateAverages } from "./average.ts";
import { measureNorms } from "./measure.ts";
import { slowWeightConfig, slowWeightOptimizer } from "./optimizers/config.ts";
import {
  forget,
  onFastWeights,
  plasticConfig,
  plasticUpdate,
  weightChange,
} from "./plastic_update.ts";
import {
  beginBatch,
  declareLearning,
  forwardOnly,
  isFast,
  layersOf,
  reportCounts,
  slotOf,
  stepForward,
} from "./scaffold.ts";
import { declareOptimizer, updateShared } from "./shared_update.ts";
import { defineUpdater } from "./updater.ts";
import type { StageBuilder } from "../core/program/program.ts";

export const bptt = defineUpdater({
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
    const { parameters } = learning.model;
    const builder = declareLearning(learning);
    builder.declare("learning_rate", scalar(config.learning_rate, { trained: false }));
    const share = config.average_share;
    const weights = (stage: StageBuilder) => share > 0 ? averagesOf(stage, parameters) : {};
    beginBatch(builder, learning);
    const gradientOf = throughTime(builder, "train", {
      truncate: config.truncate,
      write: (stage) => stepForward(stage, { builder, learning, count: share === 0 }),
    });
    if (share > 0) {
      declareAverages(builder, parameters);
      builder.stage("train", { name: "average" }, (stage) => {
        updateAverages(stage, { parameters, share });
      });
      // The same sequences, before the update: what is counted is what the averaged network does.
      beginBatch(builder, learning);
      builder.stage("train", { name: "judge", loop: "forward" }, (stage) => {
        stepForward(stage, { builder, learning, weights: weights(stage) });
      });
    }
    let fastSlots = new Set<string>();
    builder.stage("train", { name: "finish" }, (stage) => {
      const layers = layersOf(stage, learning).filter(isFast);
      fastSlots = new Set(
        layers.flatMap(({ weight, bias }) => [weight, ...bias ? [bias] : []]).map(slotOf),
      );
      for (const layer of layers) {
        const weightSlot = slotOf(layer.weight);
        const weight = gradientOf(stage, weightSlot);
        const bias = layer.bias && gradientOf(stage, slotOf(layer.bias));
        if (!weight) {
          stage.store(weightSlot, forget(layer));
          continue;
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
      // In a network with fast weights grad_clip bounds those, and biases take plain steps.
      const gradClip = layers.length > 0 ? 0 : config.grad_clip;
      const optimizer = slowWeightOptimizer(config, { gradClip });
      declareOptimizer(builder, optimizer, parameters);
      const gradients = new Map(
        Object.keys(parameters).flatMap((name) => {
          if (!parameters[name]!.trained || fastSlots.has(name)) return [];
          const gradient = gradientOf(stage, name);
          return gradient ? [[name, gradient] as const] : [];
        }),
      );
      if (learning.probe) {
        for (const [name, { shape, trained, fast }] of Object.entries(parameters)) {
          if (!trained || fast) continue;
          builder.slot(`probe/gradient/${name}`, { kind: "state", shape });
          stage.store(
            `probe/gradient/${name}`,
            gradients.get(name) ?? gradientOf(stage, name) ?? 0,
          );
        }
      }
      updateShared(stage, { gradients, optimizer, parameters });
    });
    reportCounts(builder, "train", { learning });
    forwardOnly(builder, learning, { weights });
    measureNorms(builder, learning, (stage, layer) => {
      if (!isFast(layer)) return undefined;
      const gradient = gradientOf(stage, slotOf(layer.weight));
      return gradient && weightChange(layer, gradient, { gradClip: 0 });
    });
    return builder.build();
  },
});
