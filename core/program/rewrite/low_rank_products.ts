/**
 * Products of a vector with a matrix some of whose terms are products A B, or such a product times a matrix
 * element by element. The factors are applied to the vector one after the other: A B is not made.
 */
import { add, matmul, matvec, mul, reduce, reshape, row, transpose, vecmat } from "../language.ts";
import type { Node } from "../node.ts";
import type { Expression } from "./identities.ts";
import { terms } from "./outer_products.ts";

type Axis = "post" | "pre";

/**
 * A sum over one axis of a matrix times a vector, if the matrix has a term of low rank; else undefined. With v
 * along the columns:
 *
 *   (A B) v = A (B v),   (M ∘ (A B)) v = Σ over s of Aᵀ ∘ ((B ∘ v) Mᵀ)
 *
 * and the same of the transposed matrix, with v along the rows.
 */
export function lowRankProduct({ operation, inputs: [product] }: Expression): Node | undefined {
  if (operation.op !== "reduce" || operation.kind !== "sum" || operation.axes.length !== 1) {
    return undefined;
  }
  const [axis] = operation.axes;
  if (axis !== "post" && axis !== "pre" || product!.operation.op !== "multiply") return undefined;
  const [a, b] = product!.inputs as [Node, Node];
  return ofFactors(axis, a, b) ?? ofFactors(axis, b, a);
}

function ofFactors(axis: Axis, matrix: Node, factor: Node): Node | undefined {
  const vector = alongAxis(axis, factor);
  if (!vector) return undefined;
  const parts = terms(matrix);
  const products = parts.map((part) => ofTerm(axis, part, vector));
  if (products.every((part) => part === undefined)) return undefined;
  return add(...parts.map((part, index) => products[index] ?? plain(axis, part, vector)));
}

/** The vector that is repeated along the other axis. */
function alongAxis(axis: Axis, factor: Node): Node | undefined {
  const other = axis === "pre" ? 0 : 1;
  const repeated = factor.shape[other] === 1
    ? factor
    : factor.operation.op === "broadcast"
    ? factor.inputs[0]!
    : undefined;
  if (repeated?.shape.length !== 2 || repeated.shape[other] !== 1) return undefined;
  const length = factor.shape[1 - other]!;
  return repeated.shape[1 - other] === length ? reshape(repeated, [length]) : undefined;
}

const plain = (axis: Axis, matrix: Node, vector: Node): Node =>
  axis === "pre" ? matvec(matrix, vector) : vecmat(vector, matrix);

/** The product with one term, which is summed over the rank last. */
function ofTerm(axis: Axis, term: Node, vector: Node): Node | undefined {
  const { op } = term.operation;
  if (op === "matmul") {
    const { outside, inside } = factors(axis, term);
    return vecmat(matvec(inside, vector), outside);
  }
  if (op !== "multiply") return undefined;
  const [a, b] = term.inputs as [Node, Node];
  const [product, matrix] = b.operation.op === "matmul" ? [b, a] : [a, b];
  if (product.operation.op !== "matmul") return undefined;
  const { outside, inside } = factors(axis, product);
  const through = axis === "pre" ? transpose(matrix) : matrix;
  return reduce(mul(outside, matmul(mul(inside, row(vector)), through)), { axes: ["post"] });
}

/** The factors as [rank, n]: along the axis that stays, and along the one that is summed over. */
function factors(axis: Axis, { inputs: [a, b] }: Node): { outside: Node; inside: Node } {
  const other = transpose(a!);
  return axis === "pre" ? { outside: other, inside: b! } : { outside: b!, inside: other };
}
