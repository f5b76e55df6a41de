/** Gradients beside a singular value that a `where` does not choose: reverse, forward, second. */
import assert from "node:assert/strict";
import { jvp } from "../autodiff/jvp.ts";
import { vjp } from "../autodiff/vjp.ts";
import type { Value } from "../program/elementwise.ts";
import * as l from "../program/language.ts";
import { runStage, type StageCase } from "../testing/run_stage.ts";
import type { Backend } from "./backend.ts";
import { cpuBackend } from "./cpu/cpu.ts";
import { referenceBackend } from "./reference/reference.ts";
import { webgpuBackend } from "./webgpu/webgpu.ts";

interface Case {
  readonly f: (x: Value) => Value;
  /** Where the function is not chosen: its value or its slope is infinite or NaN. */
  readonly singular: readonly number[];
  /** Where it is chosen, with the first and the second derivative there. */
  readonly at: number;
  readonly derivatives: readonly [number, number];
}

const e = Math.E;
const cases: Readonly<Record<string, Case>> = {
  sqrt: { f: l.sqrt, singular: [0, -1], at: 4, derivatives: [1 / 4, -1 / 32] },
  log: { f: l.log, singular: [0, -1], at: 2, derivatives: [1 / 2, -1 / 4] },
  log1p: { f: l.log1p, singular: [-1, -2], at: 1, derivatives: [1 / 2, -1 / 4] },
  exp: { f: l.exp, singular: [1e3, Infinity], at: 1, derivatives: [e, e] },
  expm1: { f: l.expm1, singular: [1e3, Infinity], at: 1, derivatives: [e, e] },
  reciprocal: { f: (x) => l.div(1, x), singular: [0, -0], at: 2, derivatives: [-1 / 4, 1 / 4] },
  "x / x": { f: (x) => l.div(x, x), singular: [0, Infinity], at: 2, derivatives: [0, 0] },
  "power below 1": {
    f: (x) => l.pow(x, 0.5),
    singular: [0, -1],
    at: 4,
    derivatives: [1 / 4, -1 / 32],
  },
  "power below 0": {
    f: (x) => l.pow(x, -1),
    singular: [0, -1],
    at: 2,
    derivatives: [-1 / 4, 1 / 4],
  },
  exponent: {
    f: (x) => l.pow(0.5, l.neg(x)),
    singular: [1e4, Infinity],
    at: 1,
    derivatives: [2 * Math.LN2, 2 * Math.LN2 ** 2],
  },
  "x log x": { f: (x) => l.mul(x, l.log(x)), singular: [0, -1], at: 1, derivatives: [1, 1] },
  // Of functions with bounded slopes, the inner value is infinite or NaN.
  "sin(1 / x)": {
    f: (x) => l.sin(l.div(1, x)),
    singular: [0, -0],
    at: 1,
    derivatives: [-Math.cos(1), 2 * Math.cos(1) - Math.sin(1)],
  },
  "tanh(log x)": { f: (x) => l.tanh(l.log(x)), singular: [0, -1], at: 1, derivatives: [1, -1] },
  "sigmoid(log x)": {
    f: (x) => l.sigmoid(l.log(x)),
    singular: [0, -1],
    at: 1,
    derivatives: [1 / 4, -1 / 4],
  },
  "softplus(log x)": {
    f: (x) => l.softplus(l.log(x)),
    singular: [0, -1],
    at: 1,
    derivatives: [1 / 2, -1 / 4],
  },
  "gelu(log x)": {
    f: (x) => l.gelu(l.log(x)),
    singular: [0, -1],
    at: 1,
    derivatives: [1 / 2, 2 / Math.sqrt(2 * Math.PI) - 1 / 2],
  },
  "abs(log x)": {
    f: (x) => l.abs(l.log(x)),
    singular: [0, -1],
    at: e,
    derivatives: [1 / e, -1 / e / e],
  },
  // The cotangent of the inner function is 0 here, but its slope is not: 0 must not hide it.
  "square of log": { f: (x) => l.square(l.log(x)), singular: [0, -1], at: 1, derivatives: [0, 2] },
  "square of a root": {
    f: (x) => l.square(l.sub(l.sqrt(x), 1)),
    singular: [0, -1],
    at: 1,
    derivatives: [0, 1 / 2],
  },
  "square of a quotient": {
    f: (x) => l.square(l.sub(l.div(1, x), 1)),
    singular: [0, -0],
    at: 1,
    derivatives: [0, 2],
  },
};

/** The slope where the function is not chosen. */
const ELSE = 3;

const ones = (x: Value): Value => l.filled(x, 1, x.shape);
const reverse = (f: (x: Value) => Value) => (x: Value): Value =>
  vjp([{ value: f(x), cotangent: ones(x) }], [x]).get(x)!.perSequence!;
const forward = (f: (x: Value) => Value) => (x: Value): Value =>
  jvp([f(x)], new Map([[x, ones(x)]]))[0]!;

/** A vector [singular points, the other point] of every case. */
const stage: StageCase = {
  sequences: 1,
  inputs: Object.fromEntries(
    Object.entries(cases).map(([name, { singular, at }]) =>
      [name, { shape: [3], values: [...singular, at] }] as const
    ),
  ),
  write: (loads) =>
    Object.fromEntries(
      Object.entries(cases).flatMap(([name, { f }]) => {
        const x = loads[name]!;
        const chosen = (x: Value) => l.where(l.less(1.5, l.iota(x, 3)), f(x), l.mul(ELSE, x));
        return Object.entries({
          reverse: reverse(chosen)(x),
          forward: forward(chosen)(x),
          "reverse, reverse": reverse(reverse(chosen))(x),
          "forward, reverse": forward(reverse(chosen))(x),
          "forward, forward": forward(forward(chosen))(x),
        }).map(([order, value]) => [`${name}: ${order}`, value]);
      }),
    ),
};

/** A loss of two steps by its weights, of which the second is not judged and may be anything. */
const lossOf = (of: (x: Record<string, Value>) => Value) => (x: Record<string, Value>): Value =>
  l.sum(l.where(l.less(l.iota(x.w!, 2), 1), of(x), 0));

const [given, unjudged] = [0.5, [NaN, Infinity]];
const losses: Readonly<Record<string, (x: Record<string, Value>) => Value>> = {
  "squared error": lossOf(({ w, target }) => l.square(l.sub(l.mul(w!, 3), target!))),
  "product with an input": lossOf(({ w, target }) => l.mul(l.square(w!), target!)),
  "logarithm of an input": lossOf(({ w, target }) => l.mul(w!, l.log(target!))),
  // The norm of what is not judged: the cotangent that reaches the root is a sum of zeros.
  "norm of zeros": ({ w, target }) => {
    const norm = l.sqrt(l.sum(l.square(l.mul(w!, 0.5, l.sub(target!, target!)))));
    return l.where(l.less(0, norm), l.div(w!, norm), l.mul(w!, 2));
  },
};

const judgements = (bad: number): StageCase => ({
  sequences: 1,
  inputs: {
    w: { shape: [2], values: [2, 2] },
    target: { shape: [2], values: [given, bad], kind: "input" },
  },
  write: (x) =>
    Object.fromEntries(
      Object.entries(losses).map(([name, loss]) => {
        const value = loss(x);
        const seed = { value, cotangent: l.filled(x.w!, 1, value.shape) };
        return [name, vjp([seed], [x.w!]).get(x.w!)!.perSequence!];
      }),
    ),
});

const devices: Readonly<Record<string, () => Backend | Promise<Backend>>> = {
  reference: referenceBackend,
  cpu: () => cpuBackend({ threads: 1 }),
  gpu: () => webgpuBackend({ allowSoftware: true, lowering: "fused" }),
};

for (const [device, open] of Object.entries(devices)) {
  Deno.test(`${device}: no gradient comes through what where does not choose`, async () => {
    const backend = await open();
    const results = await runStage(backend, stage);
    for (const bad of unjudged) {
      const gradients = await runStage(backend, judgements(bad));
      const expected = [6 * (3 * 2 - given), 4 * given, Math.log(given)];
      expected.forEach((slope, index) => {
        const [judged, other] = [...gradients.values()][index]!;
        assert.ok(Math.abs(judged! - slope) < 2e-6 * Math.abs(slope), `${judged} by ${slope}`);
        assert.equal(other, 0);
      });
    }
    const norm = (await runStage(backend, judgements(given))).get("norm of zeros")!;
    assert.deepEqual([...norm], [2, 2]);
    const wrong: string[] = [];
    for (const [name, { derivatives: [first, second] }] of Object.entries(cases)) {
      const orders = [...results].filter(([result]) => result.startsWith(`${name}: `));
      assert.equal(orders.length, 5, name);
      for (const [result, values] of orders) {
        const expected = result.includes(",") ? [0, 0, second] : [ELSE, ELSE, first];
        const near = expected.every((value, i) => Math.abs(values[i]! - value) < 2e-6);
        if (!near) wrong.push(`${result}: ${values}, expected ${expected}`);
      }
    }
    backend.close();
    assert.equal(wrong.length, 0, wrong.join("\n"));
  });
}
