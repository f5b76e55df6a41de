/**
 * Sums over one axis of a matrix, where factors that are constant along it stay outside the sum. A
 * tangent that moves a single weight then costs a product of vectors instead of one of matrices.
 */
import { add, column, mul, neg, outer, reduce, row } from "../language.ts";
import type { Node } from "../node.ts";
import { type OuterProduct, separate } from "./outer_products.ts";

/** A term of a matrix, with a factor for its rows and one for its columns: its frame. */
interface Framed extends OuterProduct {
  /** Element (i, j) is post_i pre_j, times that of this matrix if there is one. */
  readonly matrix?: Node;
}

/** A matrix taken apart: terms with a frame, and the rest. */
interface Parts {
  readonly framed: readonly Framed[];
  readonly rest: Node | undefined;
}

const sumOf = (a: Node | undefined, b: Node | undefined): Node | undefined =>
  a && b ? add(a, b) : a ?? b;

function partsOf(node: Node): Parts {
  const product = separate(node);
  if (product) return { framed: [product], rest: undefined };
  const [first, second] = node.inputs as [Node, Node];
  switch (node.operation.op) {
    case "add": {
      const [a, b] = [partsOf(first), partsOf(second)];
      return { framed: [...a.framed, ...b.framed], rest: sumOf(a.rest, b.rest) };
    }
    case "negate": {
      const { framed, rest } = partsOf(first);
      return {
        framed: framed.map((term) => ({ ...term, post: neg(term.post) })),
        rest: rest && neg(rest),
      };
    }
    case "multiply":
      return scaled(first, second) ?? scaled(second, first) ?? { framed: [], rest: node };
    default:
      return { framed: [], rest: node };
  }
}

/** The parts of node · factor, if the node has framed terms and each keeps a frame. */
function scaled(node: Node, factor: Node): Parts | undefined {
  const { framed, rest } = partsOf(node);
  const products = framed.map((term) => framedProduct(term, factor));
  if (products.length === 0 || !products.every((term) => term !== undefined)) return undefined;
  return { framed: products, rest: rest && mul(rest, factor) };
}

function framedProduct({ post, pre, matrix }: Framed, factor: Node): Framed | undefined {
  // A row, a column or a number goes into the frame.
  const wider = separate(mul(outer(post, pre), factor));
  if (wider) return { ...wider, ...matrix ? { matrix } : {} };
  // A matrix goes inside, if the sequences share it and would each make the product.
  const isPerSequence = post.hasBatchAxis && pre.hasBatchAxis && !factor.hasBatchAxis;
  return isPerSequence ? { post, pre, matrix: matrix ? mul(matrix, factor) : factor } : undefined;
}

/** Σ over one axis of a matrix [post, pre]: a vector along the other one. */
export function sumOverAxis(axis: "post" | "pre", matrix: Node): Node {
  const { framed, rest } = partsOf(matrix);
  const sums = framed.map(({ post, pre, matrix }) => {
    const [outside, inside] = axis === "pre" ? [post, pre] : [pre, post];
    const frame = axis === "pre" ? row(inside) : column(inside);
    const sum = matrix
      ? reduce(mul(matrix, frame), { axes: [axis] })
      : reduce(inside, { axes: ["post"] });
    return mul(outside, sum);
  });
  return [...rest ? [reduce(rest, { axes: [axis] })] : [], ...sums].reduce((a, b) => add(a, b));
}
