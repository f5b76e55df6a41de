/** A gradient through time, taken apart by how each part is best added up. */
import { add } from "../program/language.ts";
import type { Node } from "../program/node.ts";
import { type OuterProduct, separate, terms } from "../program/rewrite/outer_products.ts";
import type { Gradient } from "./vjp.ts";

/** Σ over steps (and sequences) of post ⊗ pre: the factors are kept, the product is made at the end. */
export interface ProductPart extends OuterProduct {
  /** The invariant value that it is a part of the gradient of. */
  readonly of: Node;
}

/** A part that the reverse loop adds up. */
export interface SumPart {
  /** The invariant value that it is a part of the gradient of. */
  readonly of: Node;
  /** What a step adds. */
  readonly sum: Node;
}

export type GradientPart = ProductPart | SumPart;

export const isSum = (part: GradientPart): part is SumPart => "sum" in part;

/** The values of a step that a part is made of. */
export const valuesOf = (part: GradientPart): Node[] =>
  isSum(part) ? [part.sum] : [part.post, part.pre];

/** The parts of the gradient of a value at one step: outer products first. */
export function partsOf(node: Node, { perSequence, shared }: Gradient): GradientPart[] {
  const products: ProductPart[] = [];
  const others: Node[] = [];
  for (const term of perSequence ? terms(perSequence) : []) {
    const product = separate(term);
    if (product) products.push({ of: node, ...product });
    else others.push(term);
  }
  const sums = others.length > 0 ? [others.reduce((a, b) => add(a, b))] : [];
  if (shared) sums.push(shared);
  return [...products, ...sums.map((sum) => ({ of: node, sum }))];
}
