/**
 * The update of a fast layer from its gradient, for all rules: forget, scale, clip, normalize, clamp.
 * Weights are [P, B, post, pre], biases [P, post]. `docs/ethereal.md` has it as equations.
 */
import { add, clamp, div, mul, neg, norm, square, sub, where } from "../core/program/language.ts";
import type { Operand, Value } from "../core/program/elementwise.ts";
import { scaleRows } from "../core/program/rewrite/outer_products.ts";
import type { LinearLayer, Plasticity } from "../core/program/node.ts";
import { norm as normOfBatch } from "./norm.ts";

/** The rate, bounds and order of an update; `plasticRule` makes one of settings. */
export interface PlasticRule {
  readonly learningRate: Operand;
  /** Of a schedule: multiplies the rate of what is not highly plastic; undefined: 1. */
  readonly rateFactor?: Operand | undefined;
  readonly gradClip: number;
  readonly clipWeights: number;
  readonly fastWeightClamp: number;
  /** Undefined: weights are not normalized. */
  readonly normalizeOver: "batch" | "sequence" | undefined;
  readonly forgetting: "before" | "after";
  readonly slowWeightDecay: number;
  readonly plasticityTwice: boolean;
}

/** A rule without what may change from batch to batch. */
export type FixedRule = Omit<PlasticRule, "learningRate" | "rateFactor">;

/** Whether plasticity scales the updates of a layer: not those of output and self-gradient layers. */
export const isInner = ({ role }: LinearLayer) => role === "hidden" || role === "recurrent";

/** The factor that forgetting leaves of a weight. */
const keepOf = ({ keep, forgetting }: Plasticity): Value => keep ?? sub(1, forgetting);

/** What a rule makes of the rates of a layer: its factor on updates, and what an update keeps of a weight. */
export function withRates(
  layer: LinearLayer,
  { slowWeightDecay, plasticityTwice }: Pick<PlasticRule, "slowWeightDecay" | "plasticityTwice">,
): LinearLayer {
  const plasticity = layer.plasticity!;
  const { mask, rate } = plasticity;
  const kept = keepOf(plasticity);
  const keep = slowWeightDecay > 0 ? mul(kept, where(mask, 1, 1 - slowWeightDecay)) : kept;
  return {
    ...layer,
    plasticity: { ...plasticity, rate: plasticityTwice ? square(rate) : rate, keep },
  };
}

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

/** A change of W, of what is not highly plastic by the factor of the schedule. */
const scheduled = (
  { plasticity }: LinearLayer,
  change: Value,
  { rateFactor }: Pick<PlasticRule, "rateFactor">,
): Value => rateFactor === undefined ? change : mul(change, where(plasticity!.mask, 1, rateFactor));

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

/** The next weight and bias of a layer `withRates`; the gradient of the bias is a mean over the batch. */
export function plasticUpdate(
  layer: LinearLayer,
  gradient: { weight: Value; bias: Value | undefined },
  rule: PlasticRule,
): { weight: Value; bias: Value | undefined } {
  const { learningRate, rateFactor = 1, normalizeOver, forgetting } = rule;
  const before = forgetting === "before" ? forget(layer) : layer.weight;
  const change = scheduled(layer, scaledChange(layer, gradient.weight, rule), rule);
  let weight = add(before, change);
  const biasRate = rateFactor === 1 ? learningRate : mul(learningRate, rateFactor);
  let bias = nextBias(layer, gradient.bias, biasRate);
  if (normalizeOver !== undefined) {
    const size = normalizeOver === "batch" ? normOfBatch(weight) : norm(weight);
    weight = div(weight, add(size, 1e-6));
    bias = bias && div(bias, add(normOfBatch(bias), 1e-6));
  }
  weight = bounded(weight, layer, rule);
  return { weight: forgetting === "after" ? forget({ ...layer, weight }) : weight, bias };
}

/** The next bias, from its gradient. */
export const nextBias = (
  { bias }: LinearLayer,
  gradient: Value | undefined,
  learningRate: Operand,
): Value | undefined => bias && (gradient ? sub(bias, mul(gradient, learningRate)) : bias);

/** A weight within the bounds of the rule. */
function bounded(
  weight: Value,
  { plasticity }: LinearLayer,
  { clipWeights, fastWeightClamp }: PlasticRule,
): Value {
  const clipped = clipWeights > 0 ? clamp(weight, -clipWeights, clipWeights) : weight;
  if (fastWeightClamp === 0) return clipped;
  return where(plasticity!.mask, clamp(clipped, -fastWeightClamp, fastWeightClamp), clipped);
}
