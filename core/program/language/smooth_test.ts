/** Smooth functions and selections against closed forms: at kinks, at infinity and far out. */
import { vjp } from "../../autodiff/vjp.ts";
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
const softplus = (x: number): [number, number, number] => {
  const [, value, slope] = logSigmoid(-x);
  return [x, -value, slope];
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

function slopeOf(f: (x: Value) => Value, x: Value): Value {
  const value = f(x);
  return vjp([{ value, cotangent: l.filled(x, 1, value.shape) }], [x]).get(x)!.perSequence!;
}

const curves: Readonly<Record<string, Curve>> = {
  logSigmoid: {
    f: l.logSigmoid,
    points: [
      ...[0, 1, -1, 12, -12, 15, 30, 80, -80].map(logSigmoid),
      ...[[Infinity, 0, 0], [-Infinity, -Infinity, 1]] as const,
    ],
  },
  "log of sigmoid": {
    f: (x) => l.log(l.sigmoid(x)),
    points: [0, 12, -12, 30, -80, -1e20].map(logSigmoid),
  },
  "log of 1 + exp": {
    f: (x) => l.log(l.add(1, l.exp(x))),
    points: [0, 12, -12, -30, 80, 1e20].map(softplus),
  },
  "log1p of exp": {
    f: (x) => l.log1p(l.exp(x)),
    points: [0, 12, -12, -30, 80, 1e20].map(softplus),
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

onEveryBackend("language: far out, the slope of gelu does not move", async (backend) => {
  const columns = { x: [40, -40, 1e20, -1e20, Infinity, -Infinity] };
  const found = await evaluateCases(backend, columns, ({ x }) => ({ value: slopeOf(l.gelu, x!) }), {
    ...{ of: "value", by: ["x"] },
  });
  assertRelative(found["value"]!, [1, 0, 1, 0, 1, 0], "slope");
  assertRelative(found["d/x"]!, [0, 0, 0, 0, 0, 0], "second derivative");
});

onEveryBackend(
  "language: an infinite slope of a maximum goes to the largest alone",
  async (backend) => {
    const columns = { x: [[-1, 0], [-2, -1]] };
    const found = await evaluateCases(backend, columns, ({ x }) => ({ value: l.sqrt(l.max(x!)) }), {
      ...{ of: "value", by: ["x"] },
    });
    assertRelative(found["d/x"]!, [[0, Infinity], [0, NaN]], "slope of the root of a maximum");
  },
);

onEveryBackend("language: lengths, and entropy of probabilities of 0", async (backend) => {
  const columns = { x: [[0, 0], [-3e30, 4e30], [3e-30, 4e-30], [0, 1]] };
  const length = await evaluateCases(backend, columns, ({ x }) => ({ value: l.norm(x!) }), {
    ...{ of: "value", by: ["x"] },
  });
  assertRelative(length["value"]!, [0, 5e30, 5e-30, 1], "norm");
  assertRelative(length["d/x"]!, [[0, 0], [-0.6, 0.8], [0.6, 0.8], [0, 1]], "slope of norm");
  const p = { x: [[0, 1], [0.5, 0.5]] };
  const entropy = await evaluateCases(backend, p, ({ x }) => ({
    value: l.neg(l.sum(l.where(x!, l.mul(x!, l.log(x!)), 0))),
  }), { of: "value", by: ["x"] });
  assertRelative(entropy["value"]!, [0, Math.LN2], "entropy");
  const slope = Math.LN2 - 1;
  assertRelative(entropy["d/x"]!, [[0, -1], [slope, slope]], "slope of entropy");
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
