/**
 * Exact gradient of each step's mean loss, applied after the step; the recurrent activity of the
 * step before is taken as given (truncation to one step).
 */
import { z } from "zod";
import { scalar } from "../core/program/declaration.ts";
import type { Value } from "../core/program/elementwise.ts";
import { constant } from "../core/program/node.ts";
import { total, vjp } from "../core/autodiff/vjp.ts";
import { keepFactors, keptGradient, measureNorms } from "./measure.ts";
import { optimizers } from "./optimizers/mod.ts";
import { forget, plasticConfig, plasticUpdate, weightChange } from "./plastic_update.ts";
import {
  beginBatch,
  declareLearning,
  forwardOnly,
  isFast,
  reportCounts,
  slotOf,
  stepForward,
} from "./scaffold.ts";
import { declareOptimizer, updateShared } from "./shared_update.ts";
import { defineUpdater } from "./updater.ts";

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
    const updated = new Set<string>();

    const writeStep = (procedure: string) => {
      builder.stage(procedure, { name: "step", loop: "forward" }, (stage) => {
        const step = stepForward(stage, { builder, learning });
        const trained = Object.keys(parameters).filter((name) => parameters[name]!.trained);
        const loads = new Map(trained.map((name) => [name, stage.load(name)]));
        const meanLoss = constant(stage.graph, 1 / learning.extents.sequences);
        const found = vjp([{ value: step.loss, cotangent: meanLoss }], [...loads.values()]);
        const gradients = new Map<string, Value>();
        for (const [name, node] of loads) {
          const gradient = found.get(node);
          if (gradient) {
            gradients.set(name, node.sequence ? gradient.perSequence! : total(gradient));
          }
        }
        for (const tap of step.taps.filter(isFast)) {
          const [weightSlot, biasSlot] = [slotOf(tap.weight), tap.bias && slotOf(tap.bias)];
          const gradient = gradients.get(weightSlot);
          if (!gradient) {
            stage.store(weightSlot, forget(tap));
            continue;
          }
          updated.add(tap.name);
          // An evaluation leaves no trace in what `measure` reports.
          if (procedure === "train") {
            keepFactors(stage, tap, { builder, gradient, weight: step.weight });
          }
          const next = plasticUpdate(tap, {
            weight: gradient,
            bias: biasSlot ? gradients.get(biasSlot) : undefined,
          }, {
            learningRate: stage.load("learning_rate"),
            gradClip: config.grad_clip,
            clipWeights: config.clip_weights,
            normalize: config.normalize,
          });
          stage.store(weightSlot, next.weight);
          gradients.delete(weightSlot);
          if (biasSlot) {
            stage.store(biasSlot, next.bias!);
            gradients.delete(biasSlot);
          }
        }
        updateShared(stage, { gradients, optimizer, parameters });
      });
    };
    beginBatch(builder, learning);
    writeStep("train");
    reportCounts(builder, "train", { learning });
    if (updated.size > 0) {
      beginBatch(builder, learning, "evaluate");
      writeStep("evaluate");
      reportCounts(builder, "evaluate", { learning });
    } else {
      forwardOnly(builder, learning);
    }
    measureNorms(builder, learning, (stage, tap) => {
      const gradient = keptGradient(stage, tap, updated);
      return gradient && weightChange(tap, gradient, { gradClip: config.grad_clip });
    });
    return builder.build();
  },
});
