/** What docstrings say of ties, NaN, infinity and places that there are not, on every backend. */
import {
  assertRelative,
  type Columns,
  evaluateCases,
  onEveryBackend,
} from "../../testing/on_every_backend.ts";
import { vjp } from "../../autodiff/vjp.ts";
import type { Value } from "../elementwise.ts";
import * as l from "../language.ts";

type Row = readonly [given: readonly number[], value: readonly number[], slope?: readonly number[]];

interface Rule {
  readonly f: (x: Value) => Value;
  /** Vectors of 3, what becomes of them, and the gradient of its sum. */
  readonly rows: readonly Row[];
}

const [inf, lowest] = [Infinity, -(2 - 2 ** -23) * 2 ** 127];
const third = Math.log(3);
const nan = (like: Value): Value => l.log(l.filled(like, -1, []));
const unit = (x: Value, axis: l.Axis) => axis === "pre" ? l.row(x) : l.column(x);

const rules: Readonly<Record<string, Rule>> = {
  argmax: {
    f: (x) => l.argmax(x),
    rows: [
      [[1, 3, 3], [1]],
      [[NaN, 1, 2], [NaN]],
      [[inf, 2, inf], [0]],
      [[-inf, -inf, -inf], [0]],
      [[-0, 0, -1], [0]],
    ],
  },
  argmin: {
    f: (x) => l.argmin(x),
    rows: [[[3, 1, 1], [1]], [[1, 2, NaN], [NaN]], [[inf, inf, inf], [0]], [[2, -inf, 1], [1]]],
  },
  "argmax of each row": {
    f: (x) => l.argmax(l.column(x), "pre"),
    rows: [[[5, -inf, NaN], [0, 0, NaN]]],
  },
  min: {
    f: (x) => l.min(x),
    rows: [[[2, 1, 1], [1], [0, 0.5, 0.5]], [[2, NaN, -inf], [NaN]], [[2, 1, -inf], [-inf], [
      0,
      0,
      1,
    ]]],
  },
  norm: {
    f: (x) => l.norm(x),
    rows: [
      [[0, 0, 0], [0], [0, 0, 0]],
      [[3, 0, -4], [5], [0.6, 0, -0.8]],
      [[inf, 1, 2], [inf]],
      [[inf, NaN, 2], [NaN]],
    ],
  },
  "norm of each row": { f: (x) => l.norm(l.column(x), "pre"), rows: [[[0, -2, inf], [0, 2, inf]]] },
  standardDeviation: {
    f: (x) => l.standardDeviation(x),
    rows: [[[2, 2, 2], [0], [0, 0, 0]], [[1, NaN, 2], [NaN]], [[inf, 1, 2], [NaN]]],
  },
  variance: { f: (x) => l.variance(x), rows: [[[0, 3, 6], [6], [-2, 0, 2]]] },
  normalize: {
    f: (x) => l.normalize(x, { epsilon: 0.5 }),
    rows: [[[0, 0, 0], [0, 0, 0], [2, 2, 2]], [[0, 0.25, 0], [0, 0.5, 0], [2, 2, 2]], [[0, 8, 6], [
      0,
      0.8,
      0.6,
    ]]],
  },
  cosineSimilarity: {
    f: (x) => l.cosineSimilarity(x, l.filled(x, 2, [3])),
    rows: [[[0, 0, 0], [0]], [[1e-3, 1e-3, 1e-3], [1]], [[-5, -5, -5], [-1]], [[1, NaN, 1], [NaN]]],
  },
  layerNorm: {
    f: (x) => l.layerNorm(x, { bias: 0.25 }),
    rows: [[[7, 7, 7], [0.25, 0.25, 0.25], [0, 0, 0]], [[1, inf, 2], [NaN, NaN, NaN]]],
  },
  rmsNorm: { f: (x) => l.rmsNorm(x, { gain: 3 }), rows: [[[0, 0, 0], [0, 0, 0]]] },
  logSoftmax: {
    f: (x) => l.logSoftmax(x),
    rows: [
      [[5, 5, 5], [-third, -third, -third], [0, 0, 0]],
      [[0, 0, -inf], [-Math.LN2, -Math.LN2, lowest]],
      [[1000, 0, -1000], [0, -1000, -2000]],
      [[1, NaN, 2], [NaN, NaN, NaN]],
    ],
  },
  "softmax of one element each": {
    f: (x) => l.add(l.reduce(l.softmax(l.column(x), "pre"), { axes: ["pre"] }), 0),
    rows: [[[5, -inf, inf], [1, 1, 1], [0, 0, 0]], [[NaN, 1, 2], [NaN, 1, 1]]],
  },
  entropy: {
    f: (x) => l.entropy(x),
    rows: [[[0, 1, 0], [0], [0, -1, 0]], [[0.5, 0.5, 0], [Math.LN2], [
      Math.LN2 - 1,
      Math.LN2 - 1,
      0,
    ]]],
  },
  xlogy: {
    f: (x) => l.xlogy(x, l.sub(x, 1)),
    rows: [[[0, 1, NaN], [0, -inf, NaN]]],
  },
  "xlogy of 0": {
    f: (x) => l.xlogy(l.sub(l.finite(x), l.finite(x)), x),
    rows: [[[0, inf, NaN], [0, 0, 0], [0, 0, 0]]],
  },
  "xlogy of a number": {
    f: (x) => l.add(l.xlogy(x, Math.E), l.xlogy(0, x)),
    rows: [[[0, 2, inf], [0, 2, inf], [0, 1, 1]]],
  },
  cumsum: { f: (x) => l.cumsum(x), rows: [[[1, 2, NaN], [1, 3, NaN], [3, 2, 1]]] },
  diagonal: {
    f: (x) => l.diagonal(l.where(l.eye(x, 3), l.column(x), nan(x))),
    rows: [[[1, inf, NaN], [1, inf, NaN], [1, 1, 1]]],
  },
  "diag times a vector": {
    f: (x) => l.matvec(l.diag(x), x),
    rows: [[[1, 2, -3], [1, 4, 9], [2, 4, -6]]],
  },
  "not, and, or": {
    f: (x) => l.add(l.not(x), l.mul(10, l.and(x, 1, x)), l.mul(100, l.or(0, x))),
    rows: [[[0, NaN, -2], [1, 110, 110]], [[-0, inf, 1], [1, 110, 110]]],
  },
  comparisons: {
    f: (x) => l.add(l.greater(x, 1), l.mul(10, l.greaterEqual(x, 1)), l.mul(100, l.notEqual(x, 1))),
    rows: [[[1, 2, NaN], [10, 111, 100]], [[0, inf, -inf], [100, 111, 100]]],
  },
  round: {
    f: (x) => l.round(x),
    rows: [[[0.5, 1.5, -2.5], [0, 2, -2]], [[0.49999997, NaN, inf], [0, NaN, inf]]],
  },
  ceil: {
    f: (x) => l.ceil(x),
    rows: [[[0.1, -0.1, 2], [1, 0, 2]], [[NaN, inf, -inf], [NaN, inf, -inf]]],
  },
  mod: {
    f: (x) => l.mod(x, 3),
    rows: [[[7, -1, 3], [1, 2, 0], [1, 1, 1]], [[NaN, inf, -3], [NaN, NaN, 0]]],
  },
  "mod of a negative": { f: (x) => l.mod(x, -3), rows: [[[7, -1, -3], [-2, -1, 0]]] },
  "mod of whole numbers": {
    f: (x) => l.mod(l.mul(x, 7), 7),
    rows: Array.from({ length: 60 }, (_, i): Row => [[i, 3 * i, i + 100], [0, 0, 0]]),
  },
  "mod by 0": { f: (x) => l.mod(x, l.sub(x, x)), rows: [[[0, 1, NaN], [NaN, NaN, NaN]]] },
  reciprocal: { f: (x) => l.reciprocal(x), rows: [[[0, -4, inf], [inf, -0.25, 0]]] },
  rsqrt: {
    f: (x) => l.rsqrt(x),
    rows: [[[0, 4, -1], [inf, 0.5, NaN]], [[inf, 1, 16], [0, 1, 0.25]]],
  },
  "gather of what there is not": {
    f: (x) => l.add(l.gather(x, -1), l.gather(x, 3), l.gather(x, 0.5), l.gather(x, nan(x))),
    rows: [[[NaN, inf, 1], [0], [0, 0, 0]]],
  },
  "gather of many": {
    f: (x) => l.gather(l.add(l.iota(x, 2), 10), x),
    rows: [[[1, 0, 2], [11, 10, 0]], [[NaN, -1, 0.5], [0, 0, 0]]],
  },
  "gather a row": {
    f: (x) => l.gather(l.column(x), 1, "post"),
    rows: [[[NaN, 5, inf], [5], [0, 1, 0]]],
  },
  "gather a column": {
    f: (x) => l.gather(l.row(x), 1, "pre"),
    rows: [[[NaN, 5, inf], [5], [0, 1, 0]]],
  },
  "scatter of equal indices": {
    f: (x) => l.scatter(x, l.maximum(l.iota(x, 3), 1), 4),
    rows: [[[1, 2, 4], [0, 3, 4, 0], [1, 1, 1]], [[NaN, 1, inf], [0, NaN, inf, 0]]],
  },
  "scatter out of range": {
    f: (x) => l.scatter(x, l.mul(l.sub(l.iota(x, 3), 1), 2), 2),
    rows: [[[NaN, 1, inf], [1, 0], [0, 1, 0]]],
  },
  "scatter a row": {
    f: (x) => l.vecmat(l.iota(x, 2), l.scatter(x, l.filled(x, 1, []), 2, "post")),
    rows: [[[1, 2, 3], [1, 2, 3], [1, 1, 1]]],
  },
  "oneHot of many": {
    f: (x) => l.matvec(l.oneHot(x, 2), l.add(l.iota(x, 2), 1)),
    rows: [[[1, -1, NaN], [2, 0, 0]]],
  },
  "matmul of rows and columns": {
    f: (x) => l.sum(l.matmul(unit(x, "pre"), unit(x, "post"))),
    rows: [[[1, 2, 3], [14], [2, 4, 6]], [[0, inf, 1], [inf]], [[1, NaN, 2], [NaN]]],
  },
  "matmul of 0 and infinity": {
    f: (x) => l.sum(l.matmul(l.row(x), l.column(l.sub(x, x)))),
    rows: [[[1, 2, 3], [0]], [[1, inf, 2], [NaN]]],
  },
};

/** The gradient of the sum of a value, if one flows. */
function slopeOf(value: Value, x: Value): Value | undefined {
  const seed = { value, cotangent: l.filled(x, 1, value.shape) };
  return vjp([seed], [x]).get(x)?.perSequence;
}

onEveryBackend("language: stated rules", async (backend) => {
  const most = Math.max(...Object.values(rules).map(({ rows }) => rows.length));
  const columns: Columns = Object.fromEntries(
    Object.entries(rules).map((
      [name, { rows }],
    ) => [name, Array.from({ length: most }, (_, i) => rows[i % rows.length]![0])]),
  );
  const found = await evaluateCases(backend, columns, (inputs) =>
    Object.fromEntries(
      Object.entries(rules).flatMap(([name, { f }]) => {
        const value = f(inputs[name]!);
        const slope = slopeOf(value, inputs[name]!);
        return [[name, value], ...slope ? [[`slope of ${name}`, slope]] : []];
      }),
    ), { of: "argmax", by: [] });
  for (const [name, { rows }] of Object.entries(rules)) {
    rows.forEach(([given, value, slope], index) => {
      assertRelative([found[name]![index]!], value, `${name} of ${given}`, 2e-6);
      if (!slope) return;
      const what = `slope of ${name}`;
      assertRelative([found[what]![index]!], slope, `${what} of ${given}`, 4e-6);
    });
  }
});
