/**
 * The step language: what a model's equations are written in.
 *
 * Values are scalars, vector(n) and matrix(post, pre) of one sequence at one step; batching,
 * replicas and time belong to the machinery. Elementwise operations broadcast scalars, `row(v)` over
 * the rows and `column(v)` over the columns of a matrix. A function over the axis "pre" of a matrix makes
 * one result a row, over "post" one a column. Every shape mismatch throws a RangeError that names the
 * operation, both shapes and the line of the model.
 *
 * @example
 * const trace = lerp(outer(y, previous), hebb, eta); // matrix(n, n)
 * const next = tanh(add(matvec(add(w, mul(alpha, trace)), y), x)); // vector(n)
 */
export type { Operand, Value } from "./elementwise.ts";
export type { ReduceAxis } from "./node.ts";
export * from "./language/activations.ts";
export * from "./language/argmax.ts";
export * from "./language/arithmetic.ts";
export type { Axis } from "./language/axis.ts";
export * from "./language/cumsum.ts";
export * from "./language/diagonal.ts";
export * from "./language/functions.ts";
export * from "./language/gather.ts";
export * from "./language/generated.ts";
export * from "./language/information.ts";
export * from "./language/logic.ts";
export * from "./language/movement.ts";
export * from "./language/normalization.ts";
export * from "./language/products.ts";
export * from "./language/reductions.ts";
export * from "./language/rounding.ts";
export * from "./language/smooth.ts";
export * from "./language/softmax.ts";
