/**
 * Back-propagation within a step: the exact gradient of the mean loss of each step, applied after the step.
 * The activity of the step before counts as a constant (truncation to one step; Elman, 1990).
 */
import { z } from "../deps/zod.ts";
import { sumOverBatch, vjp } from "../core/autodiff/vjp.ts";
import type { LossStep } from "../core/losses/loss.ts";
import type { Value } from "../core/program/elementwise.ts";
import type { TracedStep } from "../core/program/model.ts";
import { constant } from "../core/program/node.ts";
import type { StageBuilder } from "../core/program/program.ts";
import { optimizerSetting } from "./optimizers/config.ts";
import { perStepProgram } from "./per_step.ts";
import { onFastWeights, plasticConfig } from "./plastic_update.ts";
import { stepForward } from "./forward_step.ts";
import { slotOf } from "./layers.ts";
import { declareLearning } from "./model_memory.ts";
import { defineUpdater, type Learning, type Updater } from "./updater.ts";
import type { BackpropSettings } from "./settings.ts";

/**
 * Back-propagation within a step. Memory does not grow with T.
 *
 * @example
 * const extents = { replicas: 1, sequences: 8, steps: task.steps };
 * const program = backprop.build({ model, loss: task.loss, extents }, { learning_rate: 1e-3 });
 */
export const backprop: Updater<BackpropSettings> = defineUpdater({
  name: "backprop",
  summary: "Exact gradient of every step, applied at once, no credit through time",
  config: z.strictObject({
    ...plasticConfig,
    optimizer: optimizerSetting(["sgd", "adam"]).default("sgd").describe(
      "Optimizer of slow weights",
    ),
  }),
  actsOn: onFastWeights,
  build(learning, config) {
    const reached = layersReached(learning);
    return perStepProgram(learning, {
      config,
      optimizer: config.optimizer,
      trains: (layer) => reached.has(layer.name),
      gradients: (step, { stage }) => gradientsOf(step, { stage, learning }),
    });
  },
});

/** Gradients of the mean loss of a step, by slot; those of shared parameters are summed over the batch. */
function gradientsOf(
  { parameters, loss }: TracedStep & LossStep,
  { stage, learning }: { stage: StageBuilder; learning: Learning },
): Map<string, Value> {
  const { model, extents } = learning;
  const trained = Object.entries(parameters).filter(([name]) => model.parameters[name]!.trained);
  const meanLoss = constant(stage.graph, 1 / extents.sequences);
  const gradients = vjp([{ value: loss, cotangent: meanLoss }], trained.map(([, value]) => value));
  return new Map(trained.flatMap(([name, value]) => {
    const gradient = gradients.get(value);
    if (!gradient) return [];
    return [[name, value.hasBatchAxis ? gradient.perSequence! : sumOverBatch(gradient)] as const];
  }));
}

/** Names of the layers whose weights the loss of a step depends on; the others are never updated. */
function layersReached(learning: Learning): Set<string> {
  const builder = declareLearning(learning);
  const reached = new Set<string>();
  builder.stage("look", { name: "look", loop: "forward" }, (stage) => {
    const step = stepForward(stage, { builder, learning });
    const gradients = gradientsOf(step, { stage, learning });
    for (const layer of step.layers) {
      if (gradients.has(slotOf(layer.weight))) reached.add(layer.name);
    }
  });
  return reached;
}
