import assert from "node:assert/strict";
import { elementwise, type Value } from "../program/elementwise.ts";
import * as language from "../program/language.ts";
import { createGraph, loadSlot } from "../program/node.ts";
import { evaluate, type TestInput } from "../testing/evaluate_stage.ts";
import { checkGradients } from "../testing/gradient_check.ts";
import { operationCases, type Range } from "../testing/operation_domains.ts";
import { jvp } from "./jvp.ts";
import { vjp } from "./vjp.ts";

const {
  add,
  clamp,
  column,
  concat,
  div,
  dot,
  filled,
  floor,
  gelu,
  less,
  lerp,
  log,
  logSumExp,
  matvec,
  max,
  maximum,
  mean,
  minimum,
  mul,
  outer,
  reduce,
  relu,
  reshape,
  row,
  sign,
  slice,
  softmax,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  transpose,
  vecmat,
  where,
} = language;

const batch = { replicas: 2, sequences: 3, steps: 1 };
const v = (n: number, rest: Partial<TestInput> = {}): TestInput => ({
  shape: [n],
  hasBatchAxis: true,
  ...rest,
});
const m = (post: number, pre: number, rest: Partial<TestInput> = {}): TestInput => ({
  shape: [post, pre],
  hasBatchAxis: true,
  ...rest,
});
const s = (rest: Partial<TestInput> = {}): TestInput => ({
  shape: [],
  hasBatchAxis: true,
  ...rest,
});

interface Case {
  readonly name: string;
  readonly f: (...x: Value[]) => Value;
  readonly ranges: readonly Range[];
}

/** Every operation of the table; one that no gradient flows through is a factor of its operand. */
const listed: readonly Case[] = operationCases.map(({ op, ranges, differentiable }) => ({
  name: op,
  ranges,
  f: (...x) => differentiable ? elementwise(op, ...x) : mul(elementwise(op, ...x), x[0]!),
}));
const ofArity = (arity: number) => listed.filter(({ ranges }) => ranges.length === arity);

const unary: readonly Case[] = [
  ...ofArity(1),
  { name: "relu", f: (x) => relu(x!), ranges: [[-1, 1]] },
  { name: "square", f: (x) => square(x!), ranges: [[-1, 1]] },
  { name: "perSequence", f: (x) => language.perSequence(x!), ranges: [[-1, 1]] },
  { name: "clamp", f: (x) => clamp(x!, -0.4, 0.5), ranges: [[-1, 1]] },
  { name: "logSigmoid", f: (x) => language.logSigmoid(x!), ranges: [[-3, 3]] },
  { name: "smoothAbs", f: (x) => language.smoothAbs(x!, 0.3), ranges: [[-1, 1]] },
  { name: "norm", f: (x) => language.norm(x!), ranges: [[-1, 1]] },
];
const within = ([low, high]: Range) => ({ low, high });

Deno.test("rules: unary operations, per sequence and shared", async () => {
  for (const { name, f, ranges } of unary) {
    const range = within(ranges[0]!);
    await checkGradients(name, { x: v(5, range) }, ({ x }) => f(x), { extents: batch });
    const shared = { x: { shape: [5], ...range } } as const;
    await checkGradients(`${name}, shared`, shared, ({ x }) => f(x), { extents: batch });
    const mixed = { x: { shape: [5], ...range }, y: v(5) } as const;
    await checkGradients(`${name}, shared x sequence`, mixed, ({ x, y }) => mul(f(x), y), {
      extents: batch,
    });
  }
});

const binary: readonly Case[] = [
  ...ofArity(2),
  {
    name: "where",
    f: (a, b) => where(less(a!, 0.1), mul(a!, b!), sub(a!, b!)),
    ranges: [[-1, 1], [0.4, 1.5]],
  },
  { name: "huber", f: (x, delta) => language.huber(x!, delta!), ranges: [[-1, 1], [0.3, 0.6]] },
  { name: "lerp", f: (a, b) => lerp(a!, b!, mul(a!, b!)), ranges: [[-1, 1], [0.4, 1.5]] },
];

Deno.test("rules: binary operations with every kind of broadcasting", async () => {
  for (const { name, f, ranges } of binary) {
    const [near, away] = ranges.map(within) as [Partial<TestInput>, Partial<TestInput>];
    const pairs: [string, TestInput, TestInput][] = [
      ["vector, vector", v(4, near), v(4, away)],
      ["scalar, vector", s(near), v(4, away)],
      ["vector, vector(1)", v(4, near), v(1, away)],
      ["matrix, scalar", m(2, 3, near), s(away)],
      ["matrix, matrix", m(2, 3, near), m(2, 3, away)],
      ["column, row", m(3, 1, near), m(1, 2, away)],
      ["matrix, (1, 1)", m(2, 3, near), m(1, 1, away)],
      ["sequence, shared", m(2, 3, near), { shape: [2, 3], ...away }],
      ["shared row, sequence", { shape: [1, 3], ...near }, m(2, 3, away)],
      ["shared scalar, sequence", { shape: [], ...near }, v(3, away)],
    ];
    for (const [what, a, b] of pairs) {
      await checkGradients(`${name} of ${what}`, { a, b }, (x) => f(x.a, x.b), { extents: batch });
    }
  }
});

Deno.test("rules: operations of three operands", async () => {
  for (const { name, f, ranges } of ofArity(3)) {
    const [a, b, c] = ranges.map((range) => v(4, within(range))) as [
      TestInput,
      TestInput,
      TestInput,
    ];
    await checkGradients(name, { a, b, c }, (x) => f(x.a, x.b, x.c), { extents: batch });
  }
});

Deno.test("rules: operations that move elements", async () => {
  const cases: [string, Record<string, TestInput>, (x: Record<string, Value>) => Value][] = [
    ["reshape", { x: v(4) }, ({ x }) => square(reshape(x!, [1, 4]))],
    ["row and column", { x: v(3), a: m(3, 3) }, ({ x, a }) => mul(row(x!), a!, column(square(x!)))],
    ["transpose", { a: m(2, 3), b: m(3, 2) }, ({ a, b }) => mul(transpose(a!), square(b!))],
    ["concat", { x: v(2), y: s(), z: v(3) }, (x) => square(concat(x.x!, x.y!, x.z!, x.x!))],
    ["concat, shared part", { x: v(2), z: { shape: [3] } }, (x) => square(concat(x.z!, x.x!))],
    ["slice, middle", { x: v(5) }, ({ x }) => square(slice(x!, 1, 3))],
    ["slice, start", { x: v(5) }, ({ x }) => square(slice(x!, 0, 2))],
    ["slice, end", { x: v(5) }, ({ x }) => square(slice(x!, 3, 2))],
    ["outer", { x: v(2), y: v(3) }, ({ x, y }) => outer(x!, y!)],
    ["outer of itself", { x: v(3) }, ({ x }) => outer(x!, x!)],
    ["outer, one unit", { x: v(1), y: v(3) }, ({ x, y }) => outer(x!, y!)],
    ["filled", { x: v(3) }, ({ x }) => mul(filled(x!, 2, [3]), x!)],
  ];
  for (const [name, given, f] of cases) {
    await checkGradients(name, given, f, { extents: batch });
  }
});

Deno.test("rules: reductions and products", async () => {
  const cases: [string, Record<string, TestInput>, (x: Record<string, Value>) => Value][] = [
    ["sum of a vector", { x: v(4) }, ({ x }) => square(sum(x!))],
    ["sum of a matrix", { a: m(2, 3) }, ({ a }) => square(sum(a!))],
    ["sum over pre", { a: m(2, 3) }, ({ a }) => square(reduce(a!, { axes: ["pre"] }))],
    ["sum over post", { a: m(2, 3) }, ({ a }) => square(reduce(a!, { axes: ["post"] }))],
    ["max", { x: v(5) }, ({ x }) => square(max(x!))],
    ["max over pre", { a: m(3, 4) }, ({ a }) => reduce(a!, { axes: ["pre"], kind: "max" })],
    ["max over post", { a: m(3, 4) }, ({ a }) => reduce(a!, { axes: ["post"], kind: "max" })],
    ["mean", { a: m(2, 3) }, ({ a }) => mean(square(a!))],
    ["dot", { x: v(3), y: v(3) }, ({ x, y }) => dot(x!, y!)],
    ["matvec", { a: m(2, 3), x: v(3) }, ({ a, x }) => matvec(a!, x!)],
    ["matvec, shared matrix", { a: { shape: [2, 3] }, x: v(3) }, ({ a, x }) => matvec(a!, x!)],
    ["vecmat", { a: m(2, 3), x: v(2) }, ({ a, x }) => vecmat(x!, a!)],
    ["vecmat, shared vector", { a: m(2, 3), x: { shape: [2] } }, ({ a, x }) => vecmat(x!, a!)],
    ["softmax", { x: v(5, { low: -3, high: 3 }) }, ({ x }) => softmax(x!)],
    ["softmax of one", { x: v(1) }, ({ x }) => softmax(x!)],
    ["logSumExp", { x: v(5, { low: -3, high: 3 }) }, ({ x }) => logSumExp(x!)],
    ["logSumExp, ties", { x: v(4, { values: Array(24).fill(0.5) }) }, ({ x }) => logSumExp(x!)],
    ["gather", { x: v(4) }, ({ x }) => square(language.gather(x!, filled(x!, 2, [])))],
    ["batchSum", { x: v(3) }, ({ x }) => square(language.batchSum(square(x!)))],
    ["batchSum, shared", { x: { shape: [3] } }, ({ x }) => square(language.batchSum(square(x!)))],
    ["batchMean", { x: v(3), y: { shape: [3] } }, (x) => {
      return mul(x.x!, language.batchMean(mul(x.x!, x.y!)), x.y!);
    }],
    ["norm over the batch", { a: m(2, 2) }, ({ a }) => {
      return div(a!, add(sqrt(language.batchSum(sum(square(a!)))), 1e-6));
    }],
  ];
  for (const [name, given, f] of cases) {
    await checkGradients(name, given, f, { extents: batch });
  }
});

Deno.test("rules: second derivatives", async () => {
  const derivative = (f: (x: Value) => Value) => (x: Value): Value => {
    const value = f(x);
    const found = vjp([{ value, cotangent: filled(x, 1, value.shape) }], [x]).get(x)!;
    return found.perSequence!;
  };
  for (const { op, ranges, differentiable } of operationCases) {
    if (!differentiable) continue;
    const given = Object.fromEntries(ranges.map((range, i) => [`x${i}`, v(4, within(range))]));
    // A condition has no slope; the last operand always has.
    const last = ranges.length - 1;
    await checkGradients(`second derivatives of ${op}`, given, (x) => {
      const operands = ranges.map((_, i) => x[`x${i}`]!);
      const f = (moved: Value) => square(elementwise(op, ...operands.with(last, moved)));
      return derivative(f)(operands[last]!);
    }, { extents: batch });
  }
  const functions: [string, (x: Value) => Value][] = [
    ["sqrt", (x) => sqrt(add(square(x), 1))],
    ["quotient", (x) => div(x, add(2, x))],
    ["log", (x) => log(add(x, 3))],
    ["logSumExp", logSumExp],
    ["logSumExp of ties", (x) => logSumExp(concat(x, x))],
    ["logSigmoid", language.logSigmoid],
    ["smoothAbs", (x) => language.smoothAbs(x, 0.3)],
    ["huber", (x) => language.huber(x, 0.4)],
    ["norm", (x) => language.norm(x)],
    ["norm of a matrix", (x) => language.norm(outer(x, x))],
    ["softmax", (x) => square(softmax(x))],
    ["cubic form", (x) => dot(x, matvec(outer(x, x), x))],
    ["concat and slice", (x) => mul(slice(concat(square(x), x), 1, 4), x)],
  ];
  for (const [name, f] of functions) {
    const given = { x: v(4) };
    await checkGradients(`second derivative of ${name}`, given, ({ x }) => derivative(f)(x), {
      extents: batch,
    });
  }
  const third = derivative(derivative(gelu));
  await checkGradients(
    "third derivative of gelu",
    { x: v(4, { low: -2, high: 2 }) },
    ({ x }) => third(x),
  );
});

Deno.test("rules: nothing flows through stopGradient and comparisons", () => {
  const graph = createGraph(false);
  const slot = { name: "x", kind: "parameter", shape: [3], hasBatchAxis: true } as const;
  const x = loadSlot(graph, { ...slot, hasTimeAxis: false, hasChunkAxis: false });
  for (const f of [stopGradient, sign, floor, language.finite, (y: Value) => less(y, 0)]) {
    const value = f(x);
    const found = vjp([{ value, cotangent: filled(x, 1, [3]) }], [x]);
    assert.equal(found.get(x), undefined, value.operation.op);
  }
});

Deno.test("rules: where two are equal, relu and maximum take the slope of the second", async () => {
  const slope = (f: (x: Value) => Value) =>
    evaluate({ x: { shape: [3], hasBatchAxis: true, values: [-1, 0, 1] } }, ({ x }) => {
      return vjp([{ value: f(x), cotangent: filled(x, 1, [3]) }], [x]).get(x)!.perSequence!;
    });
  assert.deepEqual(await slope(relu), [0, 0, 1]);
  assert.deepEqual(await slope((x) => maximum(mul(2, x), mul(3, x))), [2, 3, 3]);
  assert.deepEqual(await slope((x) => minimum(mul(2, x), mul(3, x))), [3, 3, 2]);
});

Deno.test("rules: the slopes of a power at 0", async () => {
  const [a, b] = [v(3, { values: [0, 0, 0] }), v(3, { values: [1, 2, 2.5] })];
  const slopes = (which: "a" | "b") =>
    evaluate({ a, b }, (x) => {
      const value = language.pow(x.a, x.b);
      const one = filled(x.a, 1, [3]);
      return vjp([{ value, cotangent: one }], [x.a, x.b]).get(x[which])!.perSequence!;
    });
  assert.deepEqual(await slopes("a"), [1, 0, 0]);
  assert.deepEqual(await slopes("b"), [0, 0, 0]);
});

Deno.test("rules: the gradient of a maximum is shared by ties", async () => {
  const result = await evaluate(
    { x: { shape: [4], hasBatchAxis: true, values: [2, 1, 2, 0] } },
    ({ x }) => vjp([{ value: max(x), cotangent: filled(x, 1, []) }], [x]).get(x)!.perSequence!,
  );
  assert.deepEqual(result, [0.5, 0, 0.5, 0]);
});

Deno.test("rules: a sum over steps cannot be differentiated", () => {
  const graph = createGraph(false);
  const x = loadSlot(graph, {
    name: "x",
    kind: "tape",
    shape: [3],
    hasBatchAxis: true,
    hasTimeAxis: true,
    hasChunkAxis: false,
  });
  const value = reduce(x, { axes: ["time"] });
  assert.throws(
    () => vjp([{ value, cotangent: filled(x, 1, [3]) }], [x]),
    /RangeError: A sum over steps cannot be differentiated/,
  );
});

/** Slopes of a value by x: back from the cotangents, and forward from the tangents. */
async function bothWays(
  x: readonly number[],
  { f, cotangent, tangent }: {
    f: (x: Value) => Value;
    cotangent: readonly number[];
    tangent: readonly number[];
  },
): Promise<{ back: number[]; forward: number[] }> {
  const of = (values: readonly number[]) => v(values.length, { values: [...values] });
  const inputs = { x: of(x), g: of(cotangent), t: of(tangent) };
  const value = (x: Value, g: Value) => {
    const result = f(x);
    return { value: result, cotangent: result.shape.length === 0 ? sum(g) : g };
  };
  return {
    back: await evaluate(inputs, ({ x, g }) => vjp([value(x, g)], [x]).get(x)!.perSequence!),
    forward: await evaluate(inputs, ({ x, t }) => jvp([f(x)], new Map([[x, t]]))[0]!),
  };
}

Deno.test("rules: beside an infinite operand, hypot does not move with a finite one", async () => {
  const given = [Infinity, -Infinity, 3, 0];
  const ones = { cotangent: [1, 1, 1, 1], tangent: [1, 1, 1, 1] };
  const beside = (other: number) =>
    bothWays(given, { f: (x) => language.hypot(x, other), ...ones });
  assert.deepEqual(await beside(4), { back: [1, -1, 0.6, 0], forward: [1, -1, 0.6, 0] });
  assert.deepEqual(await beside(Infinity), { back: [1, -1, 0, 0], forward: [1, -1, 0, 0] });
});

Deno.test("rules: an infinite cotangent of a maximum reaches the largest alone", async () => {
  const found = await bothWays([1, 3, 2], {
    f: max,
    cotangent: [Infinity, 0, 0],
    tangent: [Infinity, 2, -Infinity],
  });
  assert.deepEqual(found, { back: [0, Infinity, 0], forward: [2] });
});
