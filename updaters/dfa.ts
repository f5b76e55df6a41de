/**
 * Direct feedback alignment: after every step the output error goes to each layer through a fixed
 * random matrix, and the layer changes by error ⊗ input (Nøkland, 2016). No derivative of an
 * activation function is used, and nothing flows back through time.
 */
import { z } from "zod";
import { matrix, scalar, xavierNormal } from "../core/program/declaration.ts";
import type { Value } from "../core/program/elementwise.ts";
import { add, batchMean, clamp, mul, outer, vecmat } from "../core/program/language.ts";
import type { Tap } from "../core/program/node.ts";
import { vjp } from "../core/autodiff/vjp.ts";
import { constant } from "../core/program/node.ts";
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
import { defineUpdater } from "./updater.ts";

export const dfa = defineUpdater({
  name: "dfa",
  summary: "Direct feedback alignment, after every step (Nøkland 2016)",
  config: z.strictObject({
    ...plasticConfig,
    self_grad: z.number().min(0).default(0).describe(
      "Bound of the self-gradient that is added to the output error (0: off)",
    ),
    recurrent_feedback: z.boolean().default(false).describe(
      "Train a fast recurrent layer too, through a feedback matrix of its own (slow ones always are)",
    ),
  }),
  build(learning, config) {
    const builder = declareLearning(learning);
    builder.declare("learning_rate", scalar(config.learning_rate, { trained: false }));
    const optimizer = optimizers.sgd({ gradClip: config.grad_clip });
    declareOptimizer(builder, optimizer, learning.model.parameters);
    const trains = (tap: Tap): boolean =>
      tap.role !== "recurrent" || !isFast(tap) || config.recurrent_feedback;
    const { grad_clip: gradClip, clip_weights: clipWeights, normalize } = config;
    const plastic = { builder, learning, trains, rule: { gradClip, clipWeights, normalize } };

    const writeProcedure = (procedure: string) => {
      // The layers as they are declared: their weights are slots.
      let layers: readonly Tap[] = [];
      beginBatch(builder, learning, {
        procedure,
        also(stage) {
          layers = tapsOf(stage, learning);
          if (layers.length === 0) {
            const { name } = learning.model;
            throw new RangeError(`dfa trains layers made with linear(); model ${name} has none`);
          }
          clearPending(stage, plastic);
        },
      });
      builder.stage(procedure, { name: "step", loop: "forward" }, (stage) => {
        const fast = plasticLayers(stage, plastic);
        const step = stepForward(stage, { builder, learning, weights: fast.weights });
        let error = vjp([{ value: step.loss, cotangent: constant(stage.graph, 1) }], [step.output])
          .get(step.output)!.perSequence!;
        const self = step.taps.find(({ role }) => role === "selfGradient");
        if (self && config.self_grad > 0) {
          const bounded = clamp(self.output, -config.self_grad, config.self_grad);
          error = add(error, mul(step.weight, bounded));
        }
        const gradients = new Map<string, Value>();
        step.taps.forEach((tap, index) => {
          const layer = layers[index]!;
          if (!trains(layer)) return;
          const layerError = projected(error, tap, slotOf(layer.weight));
          const gradient = outer(layerError, tap.input);
          const bias = tap.bias && batchMean(layerError);
          if (isFast(layer)) {
            // An evaluation leaves no trace in what `measure` reports.
            if (procedure === "train") {
              keepFactors(stage, tap, { builder, gradient, weight: step.weight });
            }
            fast.learn(tap.name, { weight: gradient, bias });
            return;
          }
          // Layers that share a weight add up.
          const addTo = (slot: string, value: Value) => {
            const sum = gradients.get(slot);
            gradients.set(slot, sum ? add(sum, value) : value);
          };
          addTo(slotOf(tap.weight), batchMean(gradient));
          if (tap.bias) addTo(slotOf(tap.bias), bias!);
        });
        updateShared(stage, { gradients, optimizer, parameters: learning.model.parameters });

        function projected(
          error: Value,
          { role, output, name: layer }: Tap,
          weightSlot: string,
        ): Value {
          if (role === "output" || role === "selfGradient") return error;
          const name = feedbackSlot(weightSlot, layer);
          const shape = [error.shape[0]!, output.shape[0]!] as const;
          builder.declare(name, matrix(...shape, xavierNormal, { trained: false }));
          return vecmat(error, stage.load(name));
        }
      });
      settleLayers(procedure, plastic);
      reportCounts(builder, procedure, { learning });
      return layers.some(isFast);
    };
    const adapts = writeProcedure("train");
    // Fast weights are the memory: judging a network without its rule would judge another network.
    if (adapts) writeProcedure("evaluate");
    else forwardOnly(builder, learning);
    measureNorms(builder, learning, (stage, tap) => {
      if (!isFast(tap) || !trains(tap)) return undefined;
      return weightChange(tap, keptGradient(stage, tap), { gradClip });
    });
    return builder.build();
  },
});

/** The slot of a layer's feedback matrix [C, post]; beside its weight where that is called so. */
function feedbackSlot(weightSlot: string, layer: string): string {
  return /(^|\/)weight$/.test(weightSlot)
    ? weightSlot.replace(/weight$/, "feedback")
    : `feedback/${layer}`;
}
