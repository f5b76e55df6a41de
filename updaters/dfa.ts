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
    const updated = new Set<string>();
    let adapts = false;

    const writeStep = (procedure: string) => {
      builder.stage(procedure, { name: "step", loop: "forward" }, (stage) => {
        const step = stepForward(stage, { builder, learning });
        const rate = stage.load("learning_rate");
        let error = vjp([{ value: step.loss, cotangent: constant(stage.graph, 1) }], [step.output])
          .get(step.output)!.perSequence!;
        const self = step.taps.find(({ role }) => role === "selfGradient");
        if (self && config.self_grad > 0) {
          error = add(
            error,
            mul(step.weight, clamp(self.output, -config.self_grad, config.self_grad)),
          );
        }
        const gradients = new Map<string, Value>();
        for (const tap of step.taps) {
          if (tap.role === "recurrent" && isFast(tap) && !config.recurrent_feedback) {
            stage.store(slotOf(tap.weight), forget(tap));
            continue;
          }
          updated.add(tap.name);
          const layerError = projectedError(tap, error);
          const gradient = outer(layerError, tap.input);
          const bias = tap.bias && batchMean(layerError, learning.extents.sequences);
          if (isFast(tap)) {
            adapts = true;
            // An evaluation leaves no trace in what `measure` reports.
            if (procedure === "train") {
              keepFactors(stage, tap, { builder, gradient, weight: step.weight });
            }
            const next = plasticUpdate(tap, { weight: gradient, bias }, {
              learningRate: rate,
              gradClip: config.grad_clip,
              clipWeights: config.clip_weights,
              normalize: config.normalize,
            });
            stage.store(slotOf(tap.weight), next.weight);
            if (tap.bias) stage.store(slotOf(tap.bias), next.bias!);
          } else {
            gradients.set(slotOf(tap.weight), batchMean(gradient, learning.extents.sequences));
            if (tap.bias) gradients.set(slotOf(tap.bias), bias!);
          }
        }
        updateShared(stage, { gradients, optimizer, parameters: learning.model.parameters });

        function projectedError(tap: Tap, error: Value): Value {
          if (tap.role === "output" || tap.role === "selfGradient") return error;
          const name = feedbackSlot(tap);
          const shape = [error.shape[0]!, tap.output.shape[0]!] as const;
          builder.declare(name, matrix(...shape, xavierNormal, { trained: false }));
          return vecmat(error, stage.load(name));
        }
      });
    };
    beginBatch(builder, learning);
    writeStep("train");
    reportCounts(builder, "train", { learning });
    // Fast weights are the memory: judging a network without its rule would judge another network.
    if (adapts) {
      beginBatch(builder, learning, "evaluate");
      writeStep("evaluate");
      reportCounts(builder, "evaluate", { learning });
    } else {
      forwardOnly(builder, learning);
    }
    measureNorms(builder, learning, (stage, tap) => {
      const gradient = isFast(tap) ? keptGradient(stage, tap, updated) : undefined;
      return gradient && weightChange(tap, gradient, { gradClip: config.grad_clip });
    });
    return builder.build();
  },
});

/** The slot of a layer's feedback matrix [C, post]; named beside its weight. */
export const feedbackSlot = (tap: Tap): string => slotOf(tap.weight).replace(/weight$/, "feedback");
