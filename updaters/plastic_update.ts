/**
 * The update of a fast layer from its gradient, for all rules: forget, scale, clip, normalize, clamp.
 * Weights are [P, B, post, pre], biases [P, post].
 */
import { z } from "../deps/zod.ts";
import { add, clamp, div, mul, neg, sub, where } from "../core/program/language.ts";
import type { Operand, Value } from "../core/program/elementwise.ts";
import { scaleRows } from "../core/program/rewrite/outer_products.ts";
import type { ModelFeature } from "../core/program/model.ts";
import type { LinearLayer, Plasticity } from "../core/program/node.ts";
import { norm } from "./norm.ts";

/** Settings of rules that train fast layers. */
export const plasticConfig = {
  learning_rate: z.number().positive().default(1e-2).describe(
    "Learning rate of weights and biases",
  ),
  grad_clip: z.number().min(0).default(0).describe(
    "Bound on each update of highly plastic weights; on slow weights, on the norm of the gradient (0: off)",
  ),
  clip_weights: z.number().min(0).default(0).describe(
    "Bound on each fast weight, after every update (0: off)",
  ),
  normalize: z.boolean().default(false).describe(
    "Divide fast weights and their biases by their norm after every update",
  ),
};

/** The settings that act on fast weights alone. */
export const onFastWeights: Readonly<Record<string, ModelFeature>> = {
  clip_weights: "fastWeights",
  normalize: "fastWeights",
};

/** The rate and bounds of an update, as in `plasticConfig`. */
export interface PlasticRule {
  readonly learningRate: Operand;
  readonly gradClip: number;
  readonly clipWeights: number;
  readonly normalize: boolean;
}

/** Whether plasticity scales the updates of a layer: not those of output and self-gradient layers. */
const isInner = ({ role }: LinearLayer) => role === "hidden" || role === "recurrent";

/** The factor that forgetting leaves of a weight. */
export const keepOf = ({ keep, forgetting }: Plasticity): Value => keep ?? sub(1, forgetting);

/** W after forgetting. */
export function forget({ weight, plasticity }: LinearLayer): Value {
  return mul(weight, keepOf(plasticity!));
}

/** The change of W before the learning rate: -gradient, scaled and clipped. */
export function weightChange(
  layer: LinearLayer,
  gradient: Value,
  { gradClip }: { gradClip: number },
): Value {
  const { mask, rate } = layer.plasticity!;
  let change = neg(gradient);
  if (!isInner(layer)) return change;
  change = mul(change, rate);
  return gradClip > 0 ? where(mask, clamp(change, -gradClip, gradClip), change) : change;
}

/** The change of W. The learning rate goes into the post vector if the gradient is an outer product. */
function scaledChange(
  layer: LinearLayer,
  gradient: Value,
  { gradClip, learningRate }: { gradClip: number; learningRate: Operand },
): Value {
  const change = gradClip === 0 || !isInner(layer)
    ? scaleRows(gradient, (post) => mul(neg(post), learningRate))
    : undefined;
  if (!change) return mul(weightChange(layer, gradient, { gradClip }), learningRate);
  return isInner(layer) ? mul(change, layer.plasticity!.rate) : change;
}

/** The next weight and bias of a layer; the gradient of the bias is a mean over the batch. */
export function plasticUpdate(
  layer: LinearLayer,
  gradient: { weight: Value; bias: Value | undefined },
  { learningRate, gradClip, clipWeights, normalize }: PlasticRule,
): { weight: Value; bias: Value | undefined } {
  let weight = add(forget(layer), scaledChange(layer, gradient.weight, { gradClip, learningRate }));
  let bias = layer.bias &&
    (gradient.bias ? sub(layer.bias, mul(gradient.bias, learningRate)) : layer.bias);
  if (normalize) {
    weight = div(weight, add(norm(weight), 1e-6));
    bias = bias && div(bias, add(norm(bias), 1e-6));
  }
  if (clipWeights > 0) weight = clamp(weight, -clipWeights, clipWeights);
  return { weight, bias };
}
