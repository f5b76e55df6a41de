/**
 * Exact gradient of each step's mean loss, applied after the step; the recurrent activity of the
 * step before is taken as given (truncation to one step).
 */
import { z } from "zod";
import { scalar } from "../core/program/declaration.ts";
import type { Value } from "../core/program/elementwise.ts";
import type { LossStep } from "../core/losses/loss.ts";
import type { TracedStep } from "../core/program/model.ts";
import { constant, type Tap } from "../core/program/node.ts";
import type { StageBuilder } from "../core/program/program.ts";
import { total, vjp } from "../core/autodiff/vjp.ts";
import { keepFactors, keptGradient, measureNorms } from "./measure.ts";
import { optimizers } from "./optimizers/mod.ts";
import { clearPending, plasticLayers, settleLayers } from "./plastic_layers.ts";
import { plasticConfig, weightChange } from "./plastic_update.ts";
import {
  beginBatch,
  declareLearning,
  forwardOnly,
  isFast,
  reportCounts,
  slotOf,
  stepForward,
  tapsOf,
} from "./scaffold.ts";
import { declareOptimizer, updateShared } from "./shared_update.ts";
import { defineUpdater, type Learning } from "./updater.ts";

export const backprop = defineUpdater({
  name: "backprop",
  summary: "Exact gradient of every step, applied at once, no credit through time",
  config: z.strictObject({
    ...plasticConfig,
    optimizer: z.enum(["sgd", "adam"]).default("sgd").describe("Optimizer of slow weights"),
  }),
  build(learning, config) {
    const { parameters } = learning.model;
    const builder = declareLearning(learning);
    builder.declare("learning_rate", scalar(config.learning_rate, { trained: false }));
    const optimizer = optimizers[config.optimizer]({ gradClip: config.grad_clip });
    declareOptimizer(builder, optimizer, parameters);
    const { grad_clip: gradClip, clip_weights: clipWeights, normalize } = config;
    const reached = layersReached(learning);
    const trains = (tap: Tap): boolean => reached.has(tap.name);
    const plastic = { builder, learning, trains, rule: { gradClip, clipWeights, normalize } };

    const writeProcedure = (procedure: string) => {
      let layers: readonly Tap[] = [];
      beginBatch(builder, learning, {
        procedure,
        also(stage) {
          layers = tapsOf(stage, learning);
          clearPending(stage, plastic);
        },
      });
      builder.stage(procedure, { name: "step", loop: "forward" }, (stage) => {
        const fast = plasticLayers(stage, plastic);
        const step = stepForward(stage, { builder, learning, weights: fast.weights });
        const gradients = gradientsOf(step, { stage, learning });
        step.taps.forEach((tap, index) => {
          const layer = layers[index]!;
          if (!isFast(layer) || !trains(layer)) return;
          const [weightSlot, biasSlot] = [slotOf(layer.weight), layer.bias && slotOf(layer.bias)];
          const weight = gradients.get(weightSlot)!;
          const bias = biasSlot ? gradients.get(biasSlot) : undefined;
          // An evaluation leaves no trace in what `measure` reports.
          if (procedure === "train") {
            keepFactors(stage, tap, { builder, gradient: weight, weight: step.weight });
          }
          fast.learn(tap.name, { weight, bias });
          gradients.delete(weightSlot);
          if (biasSlot) gradients.delete(biasSlot);
        });
        updateShared(stage, { gradients, optimizer, parameters });
      });
      settleLayers(procedure, plastic);
      reportCounts(builder, procedure, { learning });
      return layers.some((layer) => isFast(layer) && trains(layer));
    };
    const adapts = writeProcedure("train");
    if (adapts) writeProcedure("evaluate");
    else forwardOnly(builder, learning);
    measureNorms(builder, learning, (stage, tap) => {
      if (!isFast(tap) || !trains(tap)) return undefined;
      return weightChange(tap, keptGradient(stage, tap), { gradClip });
    });
    return builder.build();
  },
});

/** Gradients of the step's mean loss, by slot; those of shared parameters are summed over the batch. */
function gradientsOf(
  { parameters, loss }: TracedStep & LossStep,
  { stage, learning }: { stage: StageBuilder; learning: Learning },
): Map<string, Value> {
  const { model, extents } = learning;
  const trained = Object.entries(parameters).filter(([name]) => model.parameters[name]!.trained);
  const meanLoss = constant(stage.graph, 1 / extents.sequences);
  const found = vjp([{ value: loss, cotangent: meanLoss }], trained.map(([, value]) => value));
  return new Map(trained.flatMap(([name, value]) => {
    const gradient = found.get(value);
    if (!gradient) return [];
    return [[name, value.sequence ? gradient.perSequence! : total(gradient)] as const];
  }));
}

/** The layers whose weights the loss of a step depends on; the others are never updated. */
function layersReached(learning: Learning): Set<string> {
  const builder = declareLearning(learning);
  const reached = new Set<string>();
  builder.stage("look", { name: "look", loop: "forward" }, (stage) => {
    const step = stepForward(stage, { builder, learning });
    const gradients = gradientsOf(step, { stage, learning });
    for (const tap of step.taps) if (gradients.has(slotOf(tap.weight))) reached.add(tap.name);
  });
  return reached;
}
