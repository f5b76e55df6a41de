/**
 * Back-propagation within a step: the exact gradient of the mean loss of each step, applied after the step.
 * The activity of the step before counts as a constant (truncation to one step; Elman, 1990).
 */
import { z } from "../deps/zod.ts";
import { optimizerSetting } from "./optimizers/config.ts";
import { perStepProgram } from "./per_step.ts";
import { onFastWeights, plasticConfig } from "./plastic_update.ts";
import { stepForward } from "./forward_step.ts";
import { slotOf } from "./layers.ts";
import { stepGradients } from "./step_gradients.ts";
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
      gradients: (step, { stage }) => stepGradients(step, { stage, learning }),
    });
  },
});

/** Names of the layers whose weights the loss of a step depends on; the others are never updated. */
function layersReached(learning: Learning): Set<string> {
  const builder = declareLearning(learning);
  const reached = new Set<string>();
  builder.stage("look", { name: "look", loop: "forward" }, (stage) => {
    const step = stepForward(stage, { builder, learning });
    const gradients = stepGradients(step, { stage, learning });
    for (const layer of step.layers) {
      if (gradients.has(slotOf(layer.weight))) reached.add(layer.name);
    }
  });
  return reached;
}
