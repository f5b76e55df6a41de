/** Matrices that are outer products, and what is cheaper to compute from their factors. */
import { sizeOf } from "../../axes.ts";
import { filled, mul, neg, outer, perSequence, reshape } from "../language.ts";
import { broadcast, type Node } from "../node.ts";

/** A matrix that is an outer product: element (i, j) = post_i pre_j. */
export interface OuterProduct {
  readonly post: Node;
  readonly pre: Node;
}

/** An outer product; a factor of ones may be missing. */
interface Factors {
  readonly post?: Node;
  readonly pre?: Node;
}

function product(a: Node | undefined, b: Node | undefined): Node | undefined {
  return a && b ? mul(a, b) : a ?? b;
}

function factors(node: Node): Factors | undefined {
  const [first, second] = node.inputs as [Node, Node];
  switch (node.operation.op) {
    case "broadcast": {
      const [rows, columns] = first.shape;
      if (sizeOf(first.shape) === 1) {
        return { post: broadcast(reshape(first, []), [node.shape[0]!]) };
      }
      if (columns === 1) return { post: reshape(first, [rows!]) };
      return rows === 1 ? { pre: reshape(first, [columns!]) } : undefined;
    }
    case "reshape": {
      // A vector that is a whole matrix of one row or one column needs no broadcast.
      const [rows, columns] = node.shape;
      if (columns === 1) return { post: reshape(first, [rows!]) };
      return { pre: reshape(first, [columns!]) };
    }
    case "multiply": {
      const a = factors(first);
      const b = a && factors(second);
      return b && { post: product(a.post, b.post), pre: product(a.pre, b.pre) };
    }
    case "negate":
    case "perSequence": {
      const inside = factors(first);
      const change = node.operation.op === "negate" ? neg : perSequence;
      if (!inside) return undefined;
      return inside.post ? { ...inside, post: change(inside.post) } : { pre: change(inside.pre!) };
    }
    default:
      return undefined;
  }
}

/**
 * The factors of a matrix that is an outer product of two vectors, else undefined.
 *
 * Gradients of weights are sums of such products. A time loop that keeps the factors, instead of adding
 * matrices, leaves one matrix product for the end.
 */
export function separate(node: Node): OuterProduct | undefined {
  if (node.shape.length !== 2) return undefined;
  const { post, pre } = factors(node) ?? {};
  if (!post && !pre) return undefined;
  // The factor along an axis of one element may be part of the other.
  const single = (extent: number) => extent === 1 ? filled(node, 1, [1]) : undefined;
  const factor = { post: post ?? single(node.shape[0]!), pre: pre ?? single(node.shape[1]!) };
  return factor.post && factor.pre ? { post: factor.post, pre: factor.pre } : undefined;
}

/**
 * The same outer product with another post vector; undefined if the matrix is no outer product.
 * k (post ⊗ pre) = (k post) ⊗ pre takes one multiplication a row instead of one an element.
 */
export function scaleRows(matrix: Node, scale: (post: Node) => Node): Node | undefined {
  const factors = separate(matrix);
  return factors && outer(scale(factors.post), factors.pre);
}

/** The terms of a sum. */
export function terms(node: Node): Node[] {
  return node.operation.op === "add" ? node.inputs.flatMap(terms) : [node];
}
