/** Smooth functions and selections against closed forms: at kinks, at infinity and far out. */
import type { Value } from "../elementwise.ts";
import * as l from "../language.ts";
import { graphWithLoads } from "../../testing/graph.ts";
import { assertRelative, evaluateCases, onEveryBackend } from "../../testing/on_every_backend.ts";
import assert from "node:assert/strict";

interface Curve {
  readonly f: (x: Value) => Value;
  /** Arguments, values and slopes. */
  readonly points: readonly (readonly [x: number, value: number, slope: number])[];
}

const logSigmoid = (x: number): [number, number, number] => {
  const value = Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
  return [x, value, x > 0 ? Math.exp(-x) / (1 + Math.exp(-x)) : 1 / (1 + Math.exp(x))];
};
const elu = (x: number): [number, number, number] => [
  Math.fround(x),
  x > 0 ? x : Math.expm1(Math.fround(x)),
  x > 0 ? 1 : Math.exp(Math.fround(x)),
];
const silu = (x: number): [number, number, number] => {
  const gate = 1 / (1 + Math.exp(-x));
  return [x, x * gate, gate + x * gate * (1 - gate)];
};
const smoothAbs = (x: number, epsilon: number): [number, number, number] => {
  const value = Math.hypot(x, epsilon);
  return [x, value, x / value];
};

const curves: Readonly<Record<string, Curve>> = {
  logSigmoid: {
    f: l.logSigmoid,
    points: [
      ...[0, 1, -1, 12, -12, 15, 30, 80, -80].map(logSigmoid),
      ...[[Infinity, 0, 0], [-Infinity, -Infinity, 1]] as const,
    ],
  },
  huber: {
    f: (x) => l.huber(x, 0.5),
    points: [
      ...[[0, 0, 0], [0.25, 0.03125, 0.25], [-0.25, 0.03125, -0.25]] as const,
      ...[[0.5, 0.125, 0.5], [-0.5, 0.125, -0.5], [2, 0.875, 0.5], [-2, 0.875, -0.5]] as const,
      ...[[Infinity, Infinity, 0.5], [-Infinity, Infinity, -0.5]] as const,
    ],
  },
  "smoothAbs of a small ε": {
    f: (x) => l.smoothAbs(x, 2 ** -80),
    points: [
      ...[0, 2 ** -80, -(2 ** -80), 2 ** -70, 3, -1e30, 2 ** 126].map((x) =>
        smoothAbs(Math.fround(x), 2 ** -80)
      ),
      ...[[Infinity, Infinity, 1], [-Infinity, Infinity, -1]] as const,
    ],
  },
  "smoothAbs of a large ε": {
    f: (x) => l.smoothAbs(x, 2 ** 100),
    points: [0, 2 ** 100, -(2 ** 101), 2 ** 90].map((x) => smoothAbs(x, 2 ** 100)),
  },
  elu: {
    f: (x) => l.elu(x),
    points: [
      ...[0, 1e-3, -1e-3, -2, -80, 3].map(elu),
      ...[[Infinity, Infinity, 1], [-Infinity, -1, 0]] as const,
    ],
  },
  leakyRelu: {
    f: (x) => l.leakyRelu(x, 0.25),
    points: [
      ...[[0, 0, 0.25], [-4, -1, 0.25], [4, 4, 1]] as const,
      ...[[Infinity, Infinity, 1], [-Infinity, -Infinity, 0.25]] as const,
    ],
  },
  silu: {
    f: l.silu,
    points: [
      ...[0, 1, -1, 5, -5, 80, -80, 2000, -2000].map(silu),
      ...[[Infinity, Infinity, 1], [-Infinity, 0, 0]] as const,
    ],
  },
  geluTanh: {
    f: l.geluTanh,
    points: [
      ...[[0, 0, 0.5], [1, 0.8411919906082768, 1.0829640838457826]] as const,
      ...[[-2000, 0, 0], [2000, 2000, 1], [Infinity, Infinity, 1], [-Infinity, 0, 0]] as const,
    ],
  },
  softsign: {
    f: l.softsign,
    points: [
      ...[[0, 0, 1], [3, 0.75, 0.0625], [-1, -0.5, 0.25]] as const,
      ...[[Infinity, 1, 0], [-Infinity, -1, 0]] as const,
    ],
  },
};

onEveryBackend("language: smooth functions and their slopes", async (backend) => {
  for (const [name, { f, points }] of Object.entries(curves)) {
    const columns = { x: points.map(([x]) => x) };
    const found = await evaluateCases(backend, columns, ({ x }) => ({ value: f(x!) }), {
      ...{ of: "value", by: ["x"] },
    });
    assertRelative(found["value"]!, points.map(([, value]) => value), name);
    assertRelative(found["d/x"]!, points.map(([, , slope]) => slope), `slope of ${name}`);
  }
});

interface Scores {
  readonly x: readonly [number, number, number];
  readonly value: number;
  readonly softmax: readonly [number, number, number];
}

const scores: readonly Scores[] = [
  { x: [0, 0, 0], value: Math.log(3), softmax: [1 / 3, 1 / 3, 1 / 3] },
  { x: [1000, 1000, 0], value: 1000 + Math.LN2, softmax: [0.5, 0.5, 0] },
  {
    x: [0, -20, -Infinity],
    value: Math.log1p(Math.exp(-20)),
    softmax: [1 / (1 + Math.exp(-20)), Math.exp(-20) / (1 + Math.exp(-20)), 0],
  },
  { x: [3e38, -3e38, 0], value: Math.fround(3e38), softmax: [1, 0, 0] },
  { x: [-Infinity, 2, 2], value: 2 + Math.LN2, softmax: [0, 0.5, 0.5] },
  { x: [Infinity, 2, 3e38], value: Infinity, softmax: [1, 0, 0] },
  { x: [Infinity, -Infinity, Infinity], value: Infinity, softmax: [0.5, 0, 0.5] },
  {
    x: [-Infinity, -Infinity, -Infinity],
    value: -Infinity,
    softmax: [1 / 3, 1 / 3, 1 / 3],
  },
];

onEveryBackend("language: the gradient of logSumExp is softmax", async (backend) => {
  const columns = { x: scores.map(({ x }) => x) };
  const found = await evaluateCases(
    backend,
    columns,
    ({ x }) => ({ value: l.logSumExp(x!), softmax: l.softmax(x!) }),
    { of: "value", by: ["x"] },
  );
  const softmax = scores.map((each) => each.softmax);
  assertRelative(found["value"]!, scores.map(({ value }) => value), "logSumExp");
  assertRelative(found["softmax"]!, softmax, "softmax");
  assertRelative(found["d/x"]!, softmax, "gradient");
});

onEveryBackend("language: gather and toFinite", async (backend) => {
  const largest = (2 - 2 ** -23) * 2 ** 127;
  const columns = { x: [[5, NaN], [Infinity, 6], [NaN, NaN]], index: [0, 1, -1] };
  const found = await evaluateCases(
    backend,
    columns,
    ({ x, index }) => ({ value: l.gather(x!, index!), bounded: l.toFinite(x!) }),
    { of: "value", by: ["x"] },
  );
  assertRelative(found["value"]!, [5, 6, 0], "gather");
  assertRelative(found["d/x"]!, [[1, 0], [0, 1], [0, 0]], "slope of gather");
  assertRelative(found["bounded"]!, [[5, NaN], [largest, 6], [NaN, NaN]], "toFinite", 0);
});

Deno.test("language: huber and smoothAbs refuse a width that is not positive", () => {
  const x = graphWithLoads().load("x", [3]);
  for (const width of [0, -1, NaN, Infinity]) {
    assert.throws(() => l.huber(x, width), /RangeError: huber: expected delta above 0, got/);
    assert.throws(() => l.smoothAbs(x, width), /RangeError: smoothAbs: expected epsilon above 0/);
  }
  assert.throws(() => l.gather(l.mul(l.sum(x), 1), l.sum(x)), /gather: expected a vector/);
});
