/**
 * Back-propagation within a step: the exact gradient of the mean loss of each step, applied after the step.
 * The activity of the step before counts as a constant (truncation to one step; Elman, 1990).
 */
import { z } from "../deps/zod.ts";
import type { Value } from "../core/program/elementwise.ts";
import { mul } from "../core/program/language.ts";
import type { LinearLayer } from "../core/program/node.ts";
import { scaleRows } from "../core/program/rewrite/outer_products.ts";
import { optimizerConfig, unusedByPlainSteps } from "./optimizers/config.ts";
import { perStepProgram } from "./per_step.ts";
import { factorsOf } from "./kept_factors.ts";
import { isFast, slotOf } from "./layers.ts";
import {
  boundsOnFastWeights,
  divideByBatch,
  onFastWeights,
  plasticBounds,
  plasticConfig,
} from "./plastic_settings.ts";
import { type LayerShare, sequenceFactor } from "./sequence_clip.ts";
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
    ...plasticBounds,
    divide_by_batch: divideByBatch(true),
    plasticity_twice: z.boolean().default(false).describe(
      "Multiply updates of highly plastic weights by plast_clip twice, as the published code does",
    ),
    ...optimizerConfig,
  }),
  unusedWithFastWeights: unusedByPlainSteps,
  actsOn: { ...onFastWeights, ...boundsOnFastWeights, plasticity_twice: "fastWeights" },
  build(learning, config) {
    const reached = layersReached(learning);
    const { sequences } = learning.extents;
    const scale = config.divide_by_batch ? 1 : sequences;
    return perStepProgram(learning, {
      config,
      optimizer: config,
      trains: (layer) => reached.has(layer.name),
      gradients(step, { stage, layers }) {
        const fast = layers.filter((layer) => isFast(layer) && reached.has(layer.name));
        const options = { stage, learning };
        let gradients = stepGradients(step, options);
        if (config.grad_norm_clip > 0 && fast.length > 0) {
          // Gradients have the factor 1 / B, which `divide_by_batch` may take away again.
          const factor = sequenceFactor(sharesOf(gradients, fast), {
            bound: config.grad_norm_clip,
            scale,
          });
          gradients = stepGradients(step, { ...options, factor });
        }
        if (scale !== 1) { for (const layer of fast) scaleWeight(gradients, layer, scale); }
        return gradients;
      },
    });
  },
});

/** What each sequence has in the gradients of fast layers. */
const sharesOf = (
  gradients: ReadonlyMap<string, Value>,
  layers: readonly LinearLayer[],
): LayerShare[] =>
  layers.map(({ name, weight, bias }) => {
    // The cotangent of W x + b is the first factor of the gradient of W, and the gradient of b.
    const [post, pre] = factorsOf(gradients.get(slotOf(weight))!, name);
    return { post, pre, hasBias: bias !== undefined };
  });

/** Multiplies the gradient of a layer's weight, an outer product. */
function scaleWeight(gradients: Map<string, Value>, { weight }: LinearLayer, scale: number): void {
  const slot = slotOf(weight);
  const gradient = gradients.get(slot)!;
  gradients.set(slot, scaleRows(gradient, (post) => mul(post, scale)) ?? mul(gradient, scale));
}
