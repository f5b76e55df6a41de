/**
 * Back-propagation within a step: the exact gradient of the mean loss of each step, applied after the step.
 * The activity of the step before counts as a constant (truncation to one step; Elman, 1990).
 */
import { z } from "../deps/zod.ts";
import { optimizerSetting } from "./optimizers/config.ts";
import { perStepProgram } from "./per_step.ts";
import { onFastWeights, plasticConfig } from "./plastic_update.ts";
import { layersReached, stepGradients } from "./step_gradients.ts";
import { defineUpdater, type Updater } from "./updater.ts";
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
    optimizer: optimizerSetting.default("sgd").describe(
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
