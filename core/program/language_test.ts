import assert from "node:assert/strict";
import { describeShape, sameShape, type Shape, sizeOf } from "../axes.ts";
import { evaluate } from "../testing/evaluate_stage.ts";
import { graphWithLoads } from "../testing/graph.ts";
import type { Value } from "./elementwise.ts";
import * as l from "./language.ts";
import { linear } from "./linear.ts";

const given = () => {
  const { load } = graphWithLoads();
  return {
    s: load("s", []),
    v: load("v", [3]),
    w: load("w", [4]),
    a: load("a", [3, 4]),
    b: load("b", [4, 3]),
  };
};

Deno.test("axes: sizes, equality and names of shapes", () => {
  assert.deepEqual([[], [4], [4, 5]].map((shape) => sizeOf(shape as unknown as Shape)), [1, 4, 20]);
  assert.ok(sameShape([2, 3], [2, 3]));
  assert.ok(!sameShape([2, 3], [3, 2]) && !sameShape([3], []) && !sameShape([1, 3], [3]));
  assert.equal(describeShape([]), "scalar");
  assert.equal(describeShape([4]), "vector(4)");
  assert.equal(describeShape([4, 5]), "matrix(4, 5)");
});

Deno.test("language: shapes of all operations", () => {
  const { s, v, w, a, b } = given();
  const cases: [Value, Shape][] = [
    [l.add(v, 1, s), [3]],
    [l.mul(a, l.row(w)), [3, 4]],
    [l.mul(l.column(v), a), [3, 4]],
    [l.add(l.column(v), l.row(w)), [3, 4]],
    [l.where(l.less(v, 0), s, 1), [3]],
    [l.clamp(v, -1, s), [3]],
    [l.lerp(v, 2, s), [3]],
    [l.row(v), [1, 3]],
    [l.column(v), [3, 1]],
    [l.outer(v, w), [3, 4]],
    [l.matvec(a, w), [3]],
    [l.vecmat(v, a), [4]],
    [l.dot(v, v), []],
    [l.sum(a), []],
    [l.sum(s), []],
    [l.max(v), []],
    [l.mean(a), []],
    [l.logSumExp(v), []],
    [l.softmax(v), [3]],
    [l.concat(v, s, w), [8]],
    [l.slice(w, 1, 2), [2]],
    [l.transpose(a), [4, 3]],
    [l.matvec(b, v), [4]],
    [l.batchMean(a), [3, 4]],
    [l.oneHot(s, 5), [5]],
    [l.filled(s, 2, [2, 2]), [2, 2]],
    [l.stepIndex(s), []],
    [l.reduce(a, { axes: ["pre"] }), [3]],
    [l.reduce(a, { axes: ["post"] }), [4]],
    [l.matmul(a, b), [3, 3]],
    [l.softmax(a, "post"), [3, 4]],
    [l.argmax(a, "pre"), [3]],
    [l.norm(a, "post"), [4]],
    [l.gather(a, 1, "post"), [4]],
    [l.gather(v, w), [4]],
    [l.scatter(v, s, 7, "pre"), [3, 7]],
    [l.oneHot(v, 5), [3, 5]],
    [l.eye(s, 2), [2, 2]],
  ];
  for (const [value, shape] of cases) assert.deepEqual(value.shape, shape, value.operation.op);
});

Deno.test("language: a mismatch names the operation, both shapes and the line of the caller", () => {
  const { s, v, w, a, b } = given();
  const mistakes: [() => unknown, RegExp][] = [
    [() => l.add(v, w), /^add: shapes do not fit together: vector\(3\) and vector\(4\) \(/],
    [
      () => l.mul(a, w),
      /^multiply: .*matrix\(3, 4\) and vector\(4\); wrap the vector in row\(\) to repeat it in every row/,
    ],
    [() => l.add(a, l.row(v)), /^add: .*matrix\(3, 4\) and matrix\(1, 3\)/],
    [() => l.where(v, w, 0), /^where: .*vector\(3\) and vector\(4\) and scalar/],
    [() => l.matvec(a, v), /^matvec: matrix\(3, 4\) needs vector\(4\), got vector\(3\)/],
    [() => l.matvec(v, a), /^matvec: expected a matrix, got vector\(3\)/],
    [() => l.vecmat(w, a), /^vecmat: matrix\(3, 4\) needs vector\(3\), got vector\(4\)/],
    [() => l.outer(s, v), /^outer: expected a vector, got scalar/],
    [() => l.dot(v, w), /vector\(3\) and vector\(4\)/],
    [() => l.dot(a, a), /^dot: expected a vector, got matrix\(3, 4\)/],
    [() => l.max(v, "pre"), /^max: vector\(3\) has no axis "pre"/],
    [
      () => l.max(v, w as unknown as "pre"),
      /^max: .*got a value; of two values it is maximum\(a, b\)/,
    ],
    [() => l.sum(a, 1 as unknown as "pre"), /^sum: expected the axis "post" or "pre", got 1/],
    [() => l.softmax(a), /^softmax: matrix\(3, 4\) needs an axis: "pre" for each row or "post"/],
    [() => l.argmax(s), /^argmax: expected a vector or matrix, got scalar/],
    [() => l.matmul(a, a), /^matmul: .*matrix\(k, m\), got matrix\(3, 4\) and matrix\(3, 4\) \(/],
    [() => l.matmul(a, w), /^matmul: .*matrix\(3, 4\) and vector\(4\); .* it is matvec\(a, b\)/],
    [() => l.matmul(v, v), /^matmul: .*; with a vector it is dot\(a, b\) or outer\(a, b\)/],
    [
      () => l.layerNorm(a, { axis: "pre", gain: v }),
      /^layerNorm: .*vector\(4\) as gain, got vector\(3\)/,
    ],
    [() => l.normalize(v, { epsilon: 0 }), /^normalize: expected epsilon above 0, got 0/],
    [() => l.cosineSimilarity(a, a), /^cosineSimilarity: matrix\(3, 4\) needs an axis/],
    [
      () => l.gather(a, v, "pre"),
      /^gather: matrix\(3, 4\) needs a scalar as index, got vector\(3\)/,
    ],
    [() => l.gather(v, a), /^gather: vector\(3\) needs a scalar or vector as index, got matrix/],
    [() => l.scatter(v, w, 5), /^scatter: expected .*, got vector\(3\) at vector\(4\)/],
    [() => l.scatter(v, s, 5), /^scatter: expected .*, got vector\(3\) at scalar/],
    [() => l.diagonal(a), /^diagonal: expected a square matrix, got matrix\(3, 4\)/],
    [() => l.diag(a), /^diag: expected a vector/],
    [() => l.cumsum(a), /^cumsum: expected a vector/],
    [() => l.mod(v, 0), /^mod: expected b other than 0, got 0/],
    [() => l.oneHot(a, 3), /^oneHot: expected a scalar or vector, got matrix\(3, 4\)/],
    [
      () => l.add(l.transpose(a), v),
      /^add: .*; wrap the vector in row\(\) to repeat it in every row/,
    ],
    [() => l.add(a, v), /^add: .*; wrap the vector in column\(\) to repeat it in every column/],
    [
      () => l.add(l.matmul(a, b), v),
      /^add: .*in every row or column\(\) to repeat it in every column/,
    ],
    [
      () => l.add(l.matmul(a, b), w),
      /^add: .*; row\(\) of 3 elements or column\(\) of 3 would fit/,
    ],
    [() => l.row(a), /^row: expected a vector/],
    [() => l.column(s), /^column: expected a vector, got scalar/],
    [() => l.transpose(v), /^transpose: expected a matrix, got vector\(3\)/],
    [() => l.concat(v, a), /^concat: expected vectors, got matrix\(3, 4\)/],
    [() => l.slice(w, 2, 3), /^slice: elements 2 to 4 are outside vector\(4\)/],
    [() => l.slice(w, -1, 2), /^slice: elements -1 to 0/],
    [() => l.slice(w, 0, 0), /^slice: /],
    [() => l.slice(w, 0.5, 1), /^slice: /],
    [() => l.reduce(a, { axes: ["post", "pre"] }), /^reduce: one of the value's own axes/],
  ];
  for (const [mistake, message] of mistakes) {
    assert.throws(mistake, (error: Error) => {
      assert.ok(error instanceof RangeError, String(error));
      assert.match(error.message, message);
      assert.match(error.message, /\(program\/language_test\.ts:\d+:\d+\)$/);
      return true;
    });
  }
});

Deno.test("language: operations need a traced value", () => {
  assert.throws(() => l.sub(1, 2), /TypeError: subtract: expected at least one traced value/);
});

Deno.test("language: values of two stages do not mix", () => {
  const [first, second] = [given(), given()];
  assert.throws(() => l.add(first.v, second.v), /another stage/);
  assert.throws(() => l.concat(first.v, second.v), /another stage/);
});

Deno.test("language: a sum over steps needs steps", () => {
  const { v } = given();
  assert.throws(() => l.reduce(v, { axes: ["time"] }), /RangeError: reduce: .*step/);
});

Deno.test("language: which values differ between sequences and steps", () => {
  const { load } = graphWithLoads();
  const w = load("w", [2]);
  const x = load("x", [2], { hasBatchAxis: true });
  const tape = load("tape", [2], { hasBatchAxis: true, hasTimeAxis: true });
  assert.equal(l.add(w, 1).hasBatchAxis, false);
  assert.equal(l.add(w, x).hasBatchAxis, true);
  assert.equal(l.batchSum(x).hasBatchAxis, false);
  assert.equal(l.perSequence(w).hasBatchAxis, true);
  assert.equal(l.perSequence(x), x);
  assert.equal(tape.hasTimeAxis, true);
  assert.equal(l.mul(tape, w).hasTimeAxis, true);
  assert.equal(l.reduce(tape, { axes: ["time"] }).hasTimeAxis, false);
  const inside = graphWithLoads({ insideLoop: true });
  assert.equal(inside.load("tape", [2], { hasTimeAxis: true }).hasTimeAxis, false);
});

Deno.test("language: numbers", async () => {
  const x = { shape: [4], values: [-1.5, 0, 0.25, 2] } as const;
  const a = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] } as const;
  const cases: [string, Promise<number[]>, number[]][] = [
    ["relu", evaluate({ x }, ({ x }) => l.relu(x)), [0, 0, 0.25, 2]],
    ["clamp", evaluate({ x }, ({ x }) => l.clamp(x, -1, 1)), [-1, 0, 0.25, 1]],
    ["sign", evaluate({ x }, ({ x }) => l.sign(x)), [-1, 0, 1, 1]],
    ["floor", evaluate({ x }, ({ x }) => l.floor(x)), [-2, 0, 0, 2]],
    ["lerp", evaluate({ x }, ({ x }) => l.lerp(10, x, 0.25)), [7.125, 7.5, 7.5625, 8]],
    [
      "comparisons",
      evaluate({ x }, ({ x }) => {
        return l.add(
          l.less(x, 0.25),
          l.mul(10, l.lessEqual(x, 0.25)),
          l.mul(100, l.equal(x, 0.25)),
        );
      }),
      [11, 11, 110, 0],
    ],
    ["finite", evaluate({ x }, ({ x }) => l.finite(l.div(1, x))), [1, 0, 1, 1]],
    ["oneHot", evaluate({ x }, ({ x }) => l.oneHot(l.max(x), 4)), [0, 0, 1, 0]],
    ["no one hot", evaluate({ x }, ({ x }) => l.oneHot(l.mul(l.max(x), -0.5), 3)), [0, 0, 0]],
    ["slice", evaluate({ x }, ({ x }) => l.slice(x, 1, 2)), [0, 0.25]],
    ["concat", evaluate({ x }, ({ x }) => l.concat(l.max(x), x)), [2, -1.5, 0, 0.25, 2]],
    ["transpose", evaluate({ a }, ({ a }) => l.transpose(a)), [1, 4, 2, 5, 3, 6]],
    ["sum", evaluate({ a }, ({ a }) => l.sum(a)), [21]],
    ["mean", evaluate({ a }, ({ a }) => l.mean(a)), [3.5]],
    ["rows", evaluate({ a }, ({ a }) => l.reduce(a, { axes: ["pre"], kind: "max" })), [3, 6]],
    ["columns", evaluate({ a }, ({ a }) => l.reduce(a, { axes: ["post"] })), [5, 7, 9]],
    ["softmax", evaluate({ x }, ({ x }) => l.sum(l.softmax(l.mul(x, 1000)))), [1]],
    ["logSumExp", evaluate({ x }, ({ x }) => l.logSumExp(l.mul(x, 1000))), [2000]],
  ];
  for (const [name, actual, expected] of cases) assert.deepEqual(await actual, expected, name);
});

Deno.test("linear: records a tap, and refuses a second one of the same name", () => {
  const { load, graph } = graphWithLoads();
  const [weight, bias, input] = [load("w", [3, 4]), load("b", [3]), load("x", [4])];
  const output = linear("inner", { weight, bias, input });
  assert.deepEqual(graph.layers, [
    { name: "inner", role: "hidden", weight, bias, input, output, plasticity: undefined },
  ]);
  const activity = linear("active", { weight, bias, input, activation: l.tanh });
  assert.equal(activity, l.tanh(output));
  assert.equal(graph.layers[1]!.activity, activity);
  assert.equal(graph.layers[1]!.output, output);
  assert.equal(linear("plain", { weight, input, role: "output" }), l.matvec(weight, input));
  assert.throws(
    () => linear("inner", { weight, input }),
    /RangeError: linear: two layers are named "inner".*language_test\.ts:\d+/,
  );
  assert.throws(() => linear("other", { weight, input: bias }), /matvec: .*vector\(4\)/);
});
