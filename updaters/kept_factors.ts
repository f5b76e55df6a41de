/** Keeps gradients of fast weights as two vectors; the gradient is their outer product. */
import { separate } from "../core/program/rewrite/outer_products.ts";
import type { Value } from "../core/program/elementwise.ts";
import { outer } from "../core/program/language.ts";
import type { LinearLayer } from "../core/program/node.ts";
import type { StageBuilder } from "../core/program/program.ts";

/** The two slots of a layer: [P, B, post] and [P, B, pre]. */
export const factorSlots = (group: string, { name }: LinearLayer) =>
  [`${group}/post/${name}`, `${group}/pre/${name}`] as const;

/** The two vectors of a layer's gradient. @throws TypeError if it is not an outer product. */
export function factorsOf(gradient: Value, layer: string): readonly [post: Value, pre: Value] {
  const factors = separate(gradient);
  if (!factors) throw new TypeError(`The gradient of ${layer} is no outer product`);
  return [factors.post, factors.pre];
}

/** The gradient that the slots of a layer keep. */
export function keptProduct(stage: StageBuilder, group: string, layer: LinearLayer): Value {
  const [post, pre] = factorSlots(group, layer);
  return outer(stage.load(post), stage.load(pre));
}
