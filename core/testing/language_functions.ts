/**
 * Functions of the step language that are made of operations, each with what it is tried on. Tests go
 * over this table: values on all backends, special values, and gradients (reverse, forward and second)
 * against differences.
 */
import type { Shape } from "../axes.ts";
import type { Value } from "../program/elementwise.ts";
import * as l from "../program/language.ts";
import type { Range } from "./operation_domains.ts";

/** The extents of all shapes. */
export interface MatrixSizes {
  readonly n: number;
  readonly m: number;
}

/** What functions are tried on. */
const shapes = {
  a: ({ n, m }) => [n, m],
  b: ({ n, m }) => [m, n],
  c: ({ n, m }) => [n, m],
  d: ({ n }) => [n, n],
  x: ({ n }) => [n],
  y: ({ n }) => [n],
  u: ({ m }) => [m],
  v: ({ m }) => [m],
  s: () => [],
} as const satisfies Readonly<Record<string, (sizes: MatrixSizes) => Shape>>;

export type InputName = keyof typeof shapes;
type Loads = Readonly<Record<InputName, Value>>;

/** Inputs that all sequences share. */
const shared: ReadonlySet<InputName> = new Set(["c", "v"]);

export interface FunctionCase {
  readonly name: string;
  /** Its inputs; the gradient by the first is differentiated again. */
  readonly of: readonly InputName[];
  readonly f: (x: Loads) => Value;
  /** Where inputs are drawn; by default ±1. */
  readonly range?: Range;
  /** No gradient flows through: it is tried as a factor. */
  readonly constant?: boolean;
}

/** The inputs of a case: shape, whether sequences have their own, and where numbers are drawn. */
export function inputsOf(
  { of, range: [low, high] = [-1, 1] }: FunctionCase,
  sizes: MatrixSizes,
): Record<string, { shape: Shape; hasBatchAxis: boolean; low: number; high: number }> {
  return Object.fromEntries(of.map((name) => {
    const shape: Shape = shapes[name](sizes);
    return [name, { shape, hasBatchAxis: !shared.has(name), low, high }];
  }));
}

/** The value of a case; what no gradient flows through is a factor of its first input's sum. */
export function valueOf(
  { of, f, constant }: FunctionCase,
  x: Readonly<Record<string, Value>>,
): Value {
  const value = f(x as Loads);
  return constant ? l.mul(value, l.sum(l.square(x[of[0]!]!))) : value;
}

/** A number of ±1 as an index of -1 to `count`: one beyond each end. */
const indexOf = (x: Value, count: number): Value =>
  l.sub(l.floor(l.mul(l.add(x, 1), (count + 2) / 2)), 1);
const rowsOf = ({ shape }: Value): number => shape[0]!;

const positive: Range = [0.2, 1];
const wide: Range = [-3, 3];

function overAnAxis(axis: l.Axis): FunctionCase[] {
  const cases: readonly Omit<FunctionCase, "of">[] = [
    { name: "sum", f: ({ a }) => l.sum(a, axis) },
    { name: "mean", f: ({ a }) => l.mean(a, axis) },
    { name: "max", f: ({ a }) => l.max(a, axis) },
    { name: "min", f: ({ a }) => l.min(a, axis) },
    { name: "argmax", f: ({ a }) => l.argmax(a, axis), constant: true },
    { name: "argmin", f: ({ a }) => l.argmin(a, axis), constant: true },
    { name: "softmax", f: ({ a }) => l.softmax(a, axis), range: wide },
    { name: "logSoftmax", f: ({ a }) => l.logSoftmax(a, axis), range: wide },
    { name: "logSumExp", f: ({ a }) => l.logSumExp(a, axis), range: wide },
    { name: "norm", f: ({ a }) => l.norm(a, axis) },
    { name: "variance", f: ({ a }) => l.variance(a, axis) },
    { name: "standardDeviation", f: ({ a }) => l.standardDeviation(a, axis) },
    { name: "normalize", f: ({ a }) => l.normalize(a, { axis }) },
    { name: "layerNorm", f: ({ a }) => l.layerNorm(a, { axis, epsilon: 0.1 }) },
    { name: "rmsNorm", f: ({ a }) => l.rmsNorm(a, { axis, epsilon: 0.1 }) },
    { name: "entropy", f: ({ a }) => l.entropy(a, axis), range: positive },
  ];
  return cases.map((each) => ({ ...each, name: `${each.name} over ${axis}`, of: ["a"] }));
}

const ofAll: readonly FunctionCase[] = [
  { name: "max of a matrix", of: ["a"], f: ({ a }) => l.max(a) },
  { name: "min", of: ["x"], f: ({ x }) => l.min(x) },
  { name: "argmax", of: ["x"], f: ({ x }) => l.argmax(x), constant: true },
  { name: "argmin", of: ["x"], f: ({ x }) => l.argmin(x), constant: true },
  { name: "logSoftmax", of: ["x"], f: ({ x }) => l.logSoftmax(x), range: wide },
  { name: "norm", of: ["a"], f: ({ a }) => l.norm(a) },
  { name: "variance", of: ["a"], f: ({ a }) => l.variance(a) },
  { name: "standardDeviation", of: ["x"], f: ({ x }) => l.standardDeviation(x) },
  { name: "normalize", of: ["x"], f: ({ x }) => l.normalize(x) },
  {
    name: "layerNorm",
    of: ["x", "y", "s"],
    f: ({ x, y, s }) => l.layerNorm(x, { gain: y, bias: s, epsilon: 0.1 }),
  },
  {
    name: "layerNorm with gain and bias of rows",
    of: ["a", "u", "v"],
    f: ({ a, u, v }) => l.layerNorm(a, { axis: "pre", gain: u, bias: v, epsilon: 0.1 }),
  },
  { name: "rmsNorm", of: ["x", "y"], f: ({ x, y }) => l.rmsNorm(x, { gain: y, epsilon: 0.1 }) },
  { name: "entropy", of: ["x"], f: ({ x }) => l.entropy(x), range: positive },
  { name: "xlogy", of: ["x", "y"], f: ({ x, y }) => l.xlogy(x, y), range: positive },
  { name: "cosineSimilarity", of: ["x", "y"], f: ({ x, y }) => l.cosineSimilarity(x, y) },
  {
    name: "cosineSimilarity with rows",
    of: ["a", "u"],
    f: ({ a, u }) => l.cosineSimilarity(a, l.row(u), { axis: "pre" }),
  },
];

const positions: readonly FunctionCase[] = [
  { name: "gather", of: ["x", "s"], f: ({ x, s }) => l.gather(x, indexOf(s, rowsOf(x))) },
  { name: "gather of many", of: ["x", "u"], f: ({ x, u }) => l.gather(x, indexOf(u, rowsOf(x))) },
  {
    name: "gather a row",
    of: ["a", "s"],
    f: ({ a, s }) => l.gather(a, indexOf(s, rowsOf(a)), "post"),
  },
  { name: "gather a column", of: ["a"], f: ({ a }) => l.gather(a, 0, "pre") },
  { name: "scatter", of: ["s"], f: ({ s }) => l.scatter(s, indexOf(s, 5), 5) },
  { name: "scatter of many", of: ["x", "y"], f: ({ x, y }) => l.scatter(x, indexOf(y, 4), 4) },
  {
    name: "scatter a row",
    of: ["x", "s"],
    f: ({ x, s }) => l.scatter(x, indexOf(s, 3), 3, "post"),
  },
  {
    name: "scatter a column",
    of: ["v", "s"],
    f: ({ v, s }) => l.scatter(v, indexOf(s, 3), 3, "pre"),
  },
  { name: "oneHot of many", of: ["x"], f: ({ x }) => l.oneHot(indexOf(x, 3), 3), constant: true },
  { name: "diagonal", of: ["d"], f: ({ d }) => l.diagonal(d) },
  { name: "diag", of: ["x"], f: ({ x }) => l.diag(x) },
  { name: "eye", of: ["d"], f: ({ d }) => l.sub(l.eye(d, rowsOf(d)), d) },
  { name: "cumsum", of: ["x"], f: ({ x }) => l.cumsum(x) },
];

const products: readonly FunctionCase[] = [
  { name: "matmul", of: ["a", "b"], f: ({ a, b }) => l.matmul(a, b) },
  { name: "matmul, shared first", of: ["c", "b"], f: ({ c, b }) => l.matmul(c, b) },
  { name: "matmul, shared second", of: ["b", "c"], f: ({ b, c }) => l.matmul(b, c) },
  { name: "matmul of itself", of: ["a"], f: ({ a }) => l.matmul(a, l.transpose(a)) },
  { name: "matmul, transposed", of: ["a", "c"], f: ({ a, c }) => l.matmul(l.transpose(c), a) },
  { name: "matmul, shared", of: ["c"], f: ({ c }) => l.matmul(l.transpose(c), c) },
  {
    name: "matmul of functions",
    of: ["a", "b"],
    f: ({ a, b }) => l.tanh(l.matmul(l.tanh(a), l.exp(b))),
  },
  {
    name: "matmul, outer product",
    of: ["x", "a", "u"],
    f: ({ x, a, u }) => l.matmul(l.outer(u, x), l.add(a, 1)),
  },
  { name: "matmul thrice", of: ["d", "a"], f: ({ d, a }) => l.matmul(l.matmul(d, d), a) },
];

const ofElements: readonly FunctionCase[] = [
  { name: "leakyRelu", of: ["x"], f: ({ x }) => l.leakyRelu(x) },
  { name: "leakyRelu, learned", of: ["x", "s"], f: ({ x, s }) => l.leakyRelu(x, s) },
  { name: "elu", of: ["x", "s"], f: ({ x, s }) => l.elu(x, s), range: wide },
  { name: "silu", of: ["x"], f: ({ x }) => l.silu(x), range: wide },
  { name: "geluTanh", of: ["x"], f: ({ x }) => l.geluTanh(x), range: wide },
  { name: "softsign", of: ["x"], f: ({ x }) => l.softsign(x), range: wide },
  { name: "reciprocal", of: ["x"], f: ({ x }) => l.reciprocal(x), range: positive },
  { name: "rsqrt", of: ["x"], f: ({ x }) => l.rsqrt(x), range: positive },
  { name: "ceil", of: ["x"], f: ({ x }) => l.ceil(x), range: wide, constant: true },
  { name: "mod", of: ["x"], f: ({ x }) => l.mod(x, -0.7), range: wide },
  { name: "mod of values", of: ["x", "y"], f: ({ x, y }) => l.mod(x, y), range: positive },
  { name: "greater", of: ["x", "y"], f: ({ x, y }) => l.greater(x, y), constant: true },
  { name: "greaterEqual", of: ["x", "y"], f: ({ x, y }) => l.greaterEqual(x, y), constant: true },
  { name: "notEqual", of: ["x"], f: ({ x }) => l.notEqual(x, l.max(x)), constant: true },
  { name: "and", of: ["x", "s"], f: ({ x, s }) => l.and(l.less(x, 0.5), s, 1), constant: true },
  {
    name: "or",
    of: ["x", "s"],
    f: ({ x, s }) => l.or(l.less(x, -0.5), l.floor(s), 0),
    constant: true,
  },
  { name: "not", of: ["x"], f: ({ x }) => l.not(l.floor(x)), constant: true },
];

/** The functions by what they do; a fused kernel of all of them takes too long to compile. */
export const functionGroups: Readonly<Record<string, readonly FunctionCase[]>> = {
  "over rows": overAnAxis("pre"),
  "over columns": overAnAxis("post"),
  "of all elements": ofAll,
  "of positions": positions,
  "products of matrices": products,
  "of elements": ofElements,
};

export const functionCases: readonly FunctionCase[] = Object.values(functionGroups).flat();
