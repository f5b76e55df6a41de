/** The linear layers of a model, as its step declares them. */
import type { Value } from "../core/program/elementwise.ts";
import type { LinearLayer } from "../core/program/node.ts";
import type { StageBuilder } from "../core/program/program.ts";
import { declareLearning } from "./model_memory.ts";
import type { Learning } from "./updater.ts";

/** The layers of the model, traced in this stage. */
export const layersOf = (stage: StageBuilder, { model }: Learning): readonly LinearLayer[] =>
  model.trace(stage).layers;

/** The layers of the model, for whoever only looks at them. */
export function declaredLayers(learning: Learning): readonly LinearLayer[] {
  let layers: readonly LinearLayer[] = [];
  declareLearning(learning).stage("look", { name: "look", loop: "forward" }, (stage) => {
    layers = layersOf(stage, learning);
  });
  return layers;
}

/** Whether a layer has fast weights: every sequence changes a copy of its own. */
export const isFast = ({ weight, plasticity }: LinearLayer): boolean =>
  weight.hasBatchAxis && plasticity !== undefined;

/**
 * The slot that a weight or bias is loaded from.
 *
 * @throws TypeError if it is a computed value.
 * @example
 * const gradients = new Map(layers.map(({ weight }) => [slotOf(weight), gradientOf(weight)]));
 */
export function slotOf(node: Value): string {
  if (node.operation.op !== "load") {
    throw new TypeError("Expected a parameter, got a computed value");
  }
  return node.operation.slot.name;
}
