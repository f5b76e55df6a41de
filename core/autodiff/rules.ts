/**
 * How a cotangent goes from a node to its inputs: an entry for each operation that a gradient flows
 * through.
 *
 * A rule gets the node and the cotangent of its value, of the same shape. It gives a cotangent for each
 * input, undefined where none flows. Cotangents are built from the same operations, so gradients can be
 * differentiated again. Where a derivative may be infinite, a cotangent of 0 stays 0 (`times`, `over`).
 */
import { type Shape, sizeOf } from "../axes.ts";
import {
  abs,
  add,
  clamp,
  column,
  concat,
  cos,
  div,
  equal,
  exp,
  filled,
  less,
  log,
  matmul,
  mul,
  neg,
  pow,
  reduce,
  reshape,
  row,
  sigmoid,
  sign,
  sin,
  slice,
  square,
  sub,
  sum,
  transpose,
  where,
} from "../program/language.ts";
import { LARGEST_FLOAT32 } from "../numerics/float64_functions.ts";
import { elementwise } from "../program/elementwise.ts";
import { broadcast, type Node } from "../program/node.ts";
import { type DifferentiableOp, isDifferentiable } from "../program/operations.ts";
import type { Expression } from "../program/rewrite/identities.ts";
import { factorisations } from "../program/rewrite/rules.ts";
import { over, times } from "./strong_zero.ts";

type Cotangents = readonly (Node | undefined)[];
type ReverseRule = (node: Node, cotangent: Node) => Cotangents;

const doublyStrong = (a: Node, b: Node): Node => elementwise("doublyStrongProduct", a, b);

const inverseRootTwoPi = 1 / Math.sqrt(2 * Math.PI);

/** Undoes a broadcast of `shape`: sums over the axes along which it was repeated. */
function unbroadcast(value: Node, shape: Shape): Node {
  if (shape.length === 0) return sum(value);
  // Sums along rows leave a vector, which lanes can sum together.
  if (sizeOf(shape) === 1) return broadcast(sum(value), shape);
  let sums = value;
  if (shape[1] === 1 && value.shape[1] !== 1) sums = column(reduce(sums, { axes: ["pre"] }));
  if (shape[0] === 1 && value.shape[0] !== 1) sums = row(reduce(sums, { axes: ["post"] }));
  return sums;
}

/** A B; an outer product stays two vectors. */
export function productOf(a: Node, b: Node): Node {
  const shape: Shape = [a.shape[0]!, b.shape[1]!];
  const product: Expression = { operation: { op: "matmul" }, inputs: [a, b], shape };
  return factorisations["product with an outer product"].apply(product) ?? matmul(a, b);
}

/** ∂h/∂x of h = hypot(x, ...). Where x is infinite or h is 0, x / h has no value; the slope of |x| is its limit. */
const hypotSlope = (x: Node, h: Node): Node =>
  where(add(equal(h, 0), less(LARGEST_FLOAT32, abs(x))), sign(x), div(x, h));

/** A rule of a node with one input: from the input x, the value y and the cotangent. */
const unary =
  (derivative: (x: Node, y: Node, cotangent: Node) => Node): ReverseRule => (node, cotangent) => [
    derivative(node.inputs[0]!, node, cotangent),
  ];
/** A rule of a node with two inputs: from both, the cotangent and the value. */
const binary =
  (rule: (a: Node, b: Node, cotangent: Node, value: Node) => Cotangents): ReverseRule =>
  (node, cotangent) => rule(node.inputs[0]!, node.inputs[1]!, cotangent, node);

const rules: Readonly<Record<DifferentiableOp, ReverseRule>> = {
  perSequence: unary((_x, _y, g) => g),
  negate: unary((_x, _y, g) => neg(g)),
  exp: unary((_x, y, g) => times(g, y)),
  expm1: unary((x, _y, g) => times(g, exp(x))),
  log: unary((x, _y, g) => over(g, x)),
  tanh: unary((_x, y, g) => times(g, sub(1, square(y)))),
  sigmoid: unary((_x, y, g) => times(g, mul(y, sub(1, y)))),
  softplus: unary((x, _y, g) => times(g, sigmoid(x))),
  gelu: unary((x, _y, g) => times(g, elementwise("geluDerivative", x))),
  // (Φ + xφ)' = φ (2 - x²). From ±40 on φ is 0, in float64 too, and x² may be infinite.
  geluDerivative: unary((x, _y, g) => {
    const squared = square(clamp(x, -40, 40));
    return times(g, mul(exp(mul(squared, -0.5)), sub(2, squared), inverseRootTwoPi), x);
  }),
  sqrt: unary((_x, y, g) => over(mul(g, 0.5), y)),
  log1p: unary((x, _y, g) => over(g, add(1, x))),
  cos: unary((x, _y, g) => neg(times(g, sin(x)))),
  sin: unary((x, _y, g) => times(g, cos(x))),
  toFinite: unary((_x, _y, g) => g),
  abs: unary((x, _y, g) => times(g, sign(x))),
  add: binary((_a, _b, g) => [g, g]),
  subtract: binary((_a, _b, g) => [g, neg(g)]),
  multiply: binary((a, b, g) => [times(g, b, a), times(g, a, b)]),
  divide: binary((_a, b, g, value) => [over(g, b), neg(over(times(g, value), b))]),
  // Where a is 0 the product stays 0 as b moves, however fast; as a moves, b counts.
  strongProduct: binary((a, b, g) => [times(g, b), doublyStrong(g, a)]),
  doublyStrongProduct: binary((a, b, g) => [doublyStrong(g, b), doublyStrong(g, a)]),
  strongQuotient: binary((_a, b, g, value) => [
    over(g, b),
    neg(over(doublyStrong(g, value), b)),
  ]),
  // Of 0^b the slope in b is 0, not 0 times log(0).
  pow: binary((a, b, g, value) => [
    times(mul(g, b), pow(a, sub(b, 1))),
    times(times(g, value), log(where(less(0, a), a, 1))),
  ]),
  hypot: binary((a, b, g, h) => [times(g, hypotSlope(a, h)), times(g, hypotSlope(b, h))]),
  // Where both are equal the second gets the gradient: relu(0) has slope 0.
  maximum: binary((a, b, g) => [where(less(b, a), g, 0), where(less(b, a), 0, g)]),
  minimum: binary((a, b, g) => [where(less(a, b), g, 0), where(less(a, b), 0, g)]),
  where: (node, g) => {
    const condition = node.inputs[0]!;
    return [undefined, where(condition, g, 0), where(condition, 0, g)];
  },
  broadcast: (node, g) => [unbroadcast(g, node.inputs[0]!.shape)],
  reshape: (node, g) => [reshape(g, node.inputs[0]!.shape)],
  transpose: (_node, g) => [transpose(g)],
  concat(node, g) {
    let start = 0;
    return node.inputs.map((part) => {
      const length = part.shape[0]!;
      start += length;
      return slice(g, start - length, length);
    });
  },
  slice(node, g) {
    const { start } = node.operation as { start: number };
    const after = node.inputs[0]!.shape[0]! - start - g.shape[0]!;
    const parts = [g];
    if (start > 0) parts.unshift(filled(g, 0, [start]));
    if (after > 0) parts.push(filled(g, 0, [after]));
    return [concat(...parts)];
  },
  matmul({ inputs: [a, b] }, g) {
    return [productOf(g, transpose(b!)), productOf(transpose(a!), g)];
  },
  reduce(node, g) {
    const { axes, kind } = node.operation as { axes: readonly string[]; kind: string };
    const input = node.inputs[0]!;
    if (axes.includes("time")) throw new RangeError("A sum over steps cannot be differentiated");
    const spread = (value: Node): Node => {
      if (value.shape.length === input.shape.length) return value;
      if (input.shape.length === 1) return broadcast(value, input.shape);
      return broadcast(axes.includes("pre") ? column(value) : row(value), input.shape);
    };
    if (kind === "sum") return [spread(g)];
    const most = spread(node);
    const largest = equal(input, most);
    const ties = reduce(largest, {
      axes: node.operation.op === "reduce" ? node.operation.axes : [],
    });
    // What is smaller is left out, not multiplied by 0: the cotangent may be infinite.
    return [where(less(input, most), 0, mul(largest, spread(over(g, ties))))];
  },
};

/** Cotangents of the inputs of a node; undefined where none flows. @throws RangeError of a sum over steps. */
export function pullBack(node: Node, cotangent: Node): Cotangents {
  const { op } = node.operation;
  return isDifferentiable(op) ? rules[op](node, cotangent) : node.inputs.map(() => undefined);
}
