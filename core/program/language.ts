/**
 * The step language: what a model's equations are written in.
 *
 * Values are scalars, vector(n) and matrix(post, pre) of one sequence at one step; batching,
 * replicas and time belong to the machinery. Elementwise operations broadcast scalars, `row(v)` over
 * the rows and `column(v)` over the columns of a matrix. Every shape mismatch throws a RangeError
 * that names the operation, both shapes and the line of the model.
 */
import { describeShape, type Shape } from "../axes.ts";
import { elementwise, graphOf, lift, type Operand, type Value } from "./elementwise.ts";
import { addNode, broadcast, constant, type Node, type ReduceAxis } from "./node.ts";
import { build } from "./rewrite/build.ts";
import { shapeError } from "./shape_error.ts";

export type { Operand, Value };

export const add = (...terms: readonly Operand[]): Value =>
  terms.slice(1).reduce<Operand>((sum, term) => elementwise("add", sum, term), terms[0]!) as Value;
export const sub = (a: Operand, b: Operand): Value => elementwise("subtract", a, b);
export const mul = (...factors: readonly Operand[]): Value =>
  factors.slice(1).reduce<Operand>(
    (product, factor) => elementwise("multiply", product, factor),
    factors[0]!,
  ) as Value;
export const div = (a: Operand, b: Operand): Value => elementwise("divide", a, b);
export const maximum = (a: Operand, b: Operand): Value => elementwise("maximum", a, b);
export const minimum = (a: Operand, b: Operand): Value => elementwise("minimum", a, b);
/** 1 where a < b, else 0. */
export const less = (a: Operand, b: Operand): Value => elementwise("less", a, b);
/** 1 where a <= b, else 0. */
export const lessEqual = (a: Operand, b: Operand): Value => elementwise("lessEqual", a, b);
/** 1 where a = b, else 0. */
export const equal = (a: Operand, b: Operand): Value => elementwise("equal", a, b);
/** `yes` where the condition is not 0, else `no`. */
export const where = (condition: Operand, yes: Operand, no: Operand): Value =>
  elementwise("where", condition, yes, no);

export const neg = (x: Value): Value => elementwise("negate", x);
export const exp = (x: Value): Value => elementwise("exp", x);
export const log = (x: Value): Value => elementwise("log", x);
export const tanh = (x: Value): Value => elementwise("tanh", x);
export const sigmoid = (x: Value): Value => elementwise("sigmoid", x);
/** x Φ(x) with the exact Gaussian distribution function (Hendrycks and Gimpel, 2016). */
export const gelu = (x: Value): Value => elementwise("gelu", x);
export const relu = (x: Value): Value => elementwise("maximum", x, 0);
export const sqrt = (x: Value): Value => elementwise("sqrt", x);
export const square = (x: Value): Value => elementwise("multiply", x, x);
export const abs = (x: Value): Value => elementwise("abs", x);
/** -1, 0 or 1. */
export const sign = (x: Value): Value => elementwise("sign", x);
export const floor = (x: Value): Value => elementwise("floor", x);
/** 1 where the stored number is neither NaN nor infinite, else 0. */
export const finite = (x: Value): Value => elementwise("finite", x);
/** The same value, through which no gradient flows. */
export function stopGradient(x: Value): Value {
  return build(x.graph, { operation: { op: "stopGradient" }, inputs: [x], shape: x.shape });
}

export const clamp = (x: Value, low: Operand, high: Operand): Value =>
  minimum(maximum(x, low), high);
/** rate * b + (1 - rate) * a: moves from a to b as rate goes from 0 to 1. */
export const lerp = (a: Operand, b: Operand, rate: Operand): Value => {
  const graph = graphOf("lerp", [a, b, rate]);
  return add(mul(lift(graph, rate), b), mul(sub(lift(graph, 1), rate), a));
};

/** matrix(1, n): broadcasts over the rows (post) of a matrix(m, n). */
export function row(vector: Value): Value {
  expectRank("row", vector, 1);
  return reshape(vector, [1, vector.shape[0]!]);
}

/** matrix(n, 1): broadcasts over the columns (pre) of a matrix(n, m). */
export function column(vector: Value): Value {
  expectRank("column", vector, 1);
  return reshape(vector, [vector.shape[0]!, 1]);
}

/** post ⊗ pre: matrix(n, m) with element (i, j) = post_i pre_j. */
export function outer(post: Value, pre: Value): Value {
  expectRank("outer", post, 1);
  expectRank("outer", pre, 1);
  return mul(column(post), row(pre));
}

/** W x: [post, pre] x [pre] -> [post]. */
export function matvec(matrix: Value, vector: Value): Value {
  expectProduct("matvec", matrix, vector, 1);
  return reduce(mul(matrix, row(vector)), { axes: ["pre"] });
}

/** Wᵀ x: [post, pre] x [post] -> [pre]. */
export function vecmat(vector: Value, matrix: Value): Value {
  expectProduct("vecmat", matrix, vector, 0);
  return reduce(mul(matrix, column(vector)), { axes: ["post"] });
}

/** Σ a_i b_i. */
export function dot(a: Value, b: Value): Value {
  expectRank("dot", a, 1);
  expectRank("dot", b, 1);
  return sum(mul(a, b));
}

/** Sum of all elements. */
export function sum(x: Value): Value {
  if (x.shape.length === 0) return x;
  if (x.shape.length === 1) return reduce(x, { axes: ["post"] });
  return reduce(reduce(x, { axes: ["pre"] }), { axes: ["post"] });
}

/** Largest element of a vector. */
export function max(x: Value): Value {
  expectRank("max", x, 1);
  return reduce(x, { axes: ["post"], kind: "max" });
}

export const mean = (x: Value): Value =>
  div(sum(x), x.shape.reduce<number>((size, extent) => size * extent, 1));

/** log Σ exp(x_i), shifted by the largest element so that nothing overflows. */
export function logSumExp(x: Value): Value {
  const shift = stopGradient(max(x));
  return add(shift, log(sum(exp(sub(x, shift)))));
}

/** exp(x_i) / Σ exp(x_j). */
export function softmax(x: Value): Value {
  const powers = exp(sub(x, stopGradient(max(x))));
  return div(powers, sum(powers));
}

/** Joins vectors (and scalars) end to end. */
export function concat(...parts: readonly Value[]): Value {
  const graph = graphOf("concat", parts);
  const vectors = parts.map((part) => {
    if (part.shape.length === 2) {
      throw shapeError("concat", `expected vectors, got ${describeShape(part.shape)}`);
    }
    return part.shape.length === 0 ? broadcast(part, [1]) : part;
  });
  const length = vectors.reduce((total, part) => total + part.shape[0]!, 0);
  return build(graph, { operation: { op: "concat" }, inputs: vectors, shape: [length] });
}

/** Elements start .. start + length - 1 of a vector. */
export function slice(vector: Value, start: number, length: number): Value {
  expectRank("slice", vector, 1);
  const extent = vector.shape[0]!;
  if (
    !(Number.isInteger(start) && Number.isInteger(length) && start >= 0 && length >= 1 &&
      start + length <= extent)
  ) {
    throw shapeError(
      "slice",
      `elements ${start} to ${start + length - 1} are outside vector(${extent})`,
    );
  }
  const operation = { op: "slice", start } as const;
  return build(vector.graph, { operation, inputs: [vector], shape: [length] });
}

/** [post, pre] -> [pre, post]. */
export function transpose(matrix: Value): Value {
  expectRank("transpose", matrix, 2);
  const [post, pre] = matrix.shape as readonly [number, number];
  const operation = { op: "transpose" } as const;
  return build(matrix.graph, { operation, inputs: [matrix], shape: [pre, post] });
}

/** Mean over the B sequences of a batch, the only operation that crosses sequences. */
export const batchMean = (x: Value): Value => div(batchSum(x), x.graph.sequences);

/** Sum over the B sequences of a batch; a value that all sequences share counts B times. */
export const batchSum = (x: Value): Value => reduce(perSequence(x), { axes: ["sequence"] });

/** The value as one that every sequence has its own of. */
export function perSequence(x: Value): Value {
  return build(x.graph, { operation: { op: "perSequence" }, inputs: [x], shape: x.shape });
}

/** Vector with element i = 1 where i equals the scalar `index`, else 0 (none for -1). */
export const oneHot = (index: Value, length: number): Value => equal(iota(index, length), index);

/** 0, 1, ..., length - 1, in the graph of `like`. */
export const iota = (like: Value, length: number): Value =>
  addNode(like.graph, { op: "iota" }, { inputs: [], shape: [length] });

/** t, the number of the step from 0, in the graph of `like`. */
export const stepIndex = (like: Value): Value =>
  addNode(like.graph, { op: "step" }, { inputs: [], shape: [] });

/** b, the number of the sequence from 0, in the graph of `like`. */
export const sequenceIndex = (like: Value): Value =>
  addNode(like.graph, { op: "sequence" }, { inputs: [], shape: [] });

/** A constant of any shape, in the graph of `like`. */
export const filled = (like: Value, value: number, shape: Shape): Value =>
  broadcast(constant(like.graph, value), shape);

export function reshape(x: Node, shape: Shape): Node {
  return build(x.graph, { operation: { op: "reshape" }, inputs: [x], shape });
}

/** Sum or maximum over the named axes; the value's own axes disappear from its shape. */
export function reduce(
  x: Node,
  { axes, kind = "sum" }: { axes: readonly ReduceAxis[]; kind?: "sum" | "max" },
): Node {
  const own = axes.filter((axis) => axis === "post" || axis === "pre");
  if (own.length > 1) throw shapeError("reduce", "one of the value's own axes at a time");
  if (axes.includes("time") && !x.hasTimeAxis) {
    throw shapeError("reduce", "expected a per-step value outside a loop to sum over the steps");
  }
  let shape = x.shape;
  if (own[0] === "pre") shape = [x.shape[0]!];
  if (own[0] === "post") shape = x.shape.length === 2 ? [x.shape[1]!] : [];
  return build(x.graph, { operation: { op: "reduce", kind, axes }, inputs: [x], shape });
}

function expectRank(name: string, value: Value, rank: 1 | 2): void {
  if (value.shape.length !== rank) {
    const expected = rank === 1 ? "a vector" : "a matrix";
    throw shapeError(name, `expected ${expected}, got ${describeShape(value.shape)}`);
  }
}

function expectProduct(name: string, matrix: Value, vector: Value, axis: 0 | 1): void {
  expectRank(name, matrix, 2);
  if (vector.shape.length !== 1 || vector.shape[0] !== matrix.shape[axis]) {
    throw shapeError(
      name,
      `${describeShape(matrix.shape)} needs vector(${matrix.shape[axis]}), got ${
        describeShape(vector.shape)
      }`,
    );
  }
}
