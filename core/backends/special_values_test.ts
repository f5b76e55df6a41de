/** NaN, infinities and zeros through every operation: each backend gives what the reference gives. */
import assert from "node:assert/strict";
import type { Shape } from "../axes.ts";
import { elementwise, type Value } from "../program/elementwise.ts";
import * as l from "../program/language.ts";
import { functionCases } from "../testing/language_functions.ts";
import { elementwiseOps, meaningOf, operations } from "../program/operations.ts";
import { runStage, type StageCase } from "../testing/run_stage.ts";
import type { Backend } from "./backend.ts";
import { cpuBackend } from "./cpu/cpu.ts";
import { referenceBackend } from "./reference/reference.ts";
import { webgpuBackend } from "./webgpu/webgpu.ts";

const specials = [NaN, Infinity, -Infinity, 0, -0, 1.5, -2];
/** Every triple of special values. */
const triples = specials.flatMap((x) => specials.flatMap((y) => specials.map((z) => [x, y, z])));
const operands = ["x", "y", "z"] as const;

type Operands = readonly [Value, Value, Value];

/** Every operation of the table, and what is made of several. */
const elementwiseResults = ([x, y, z]: Operands): Record<string, Value> => ({
  ...Object.fromEntries(elementwiseOps.map((op) => [
    op,
    elementwise(op, ...[x, y, z].slice(0, operations[op].arity)),
  ])),
  relu: l.relu(x),
  clamp: l.clamp(x, -1, 1),
  "clamp between values": l.clamp(x, y, z),
  "difference of equals": l.sub(x, x),
  "power with the exponent 0": l.pow(x, 0),
  "quotient of equals": l.div(x, x),
  "times and divided": l.div(l.mul(x, y), y),
  "equal to itself": l.equal(x, x),
  "times a comparison": l.mul(x, l.less(y, z)),
  "times a zero difference": l.mul(x, l.mul(l.sub(y, y), 0.5)),
  "chosen by a comparison": l.where(l.less(x, y), 1, 2),
  "chosen by its opposite": l.where(l.sub(1, l.lessEqual(x, y)), 1, 2),
  "chosen by not finite": l.where(l.finite(x), x, 7),
});

const listed = [
  [0.5, NaN, 1, -1, 2, 0, -0.5, 3, 0.25],
  [0.5, -3, 1, -1, 2, 0, -0.5, 3, NaN],
  [NaN, -3, 1, -1, 2, 0, -0.5, 3, 7],
  [0.5, Infinity, 1, -1, 2, 0, -0.5, 3, 7],
  [0.5, Infinity, 1, -Infinity, NaN, 0, -0.5, 3, 7],
  [0.5, 1, 1, -Infinity, 2, 0, -0.5, 3, 7],
  Array<number>(9).fill(-Infinity),
  Array<number>(9).fill(NaN),
  Array<number>(9).fill(-0),
];
const rows = listed.length;

const reductions = (a: Value): Record<string, Value> => {
  const along = (axis: "pre" | "post") => ({
    [`sum over ${axis}`]: l.reduce(a, { axes: [axis] }),
    [`max over ${axis}`]: l.reduce(a, { axes: [axis], kind: "max" }),
  });
  return { ...along("pre"), ...along("post") };
};

/** The functions of the table that take no more than these inputs. */
function listedFunctions(x: Readonly<Record<string, Value>>): Record<string, Value> {
  const fitting = functionCases.filter(({ of }) => of.every((name) => x[name] !== undefined));
  return Object.fromEntries(fitting.map((each) => [
    `${each.name} (${each.of})`,
    each.f(x as Parameters<typeof each.f>[0]),
  ]));
}

const ofVector = (x: Value): Record<string, Value> => ({
  sum: l.sum(x),
  max: l.max(x),
  softmax: l.softmax(x),
  logSumExp: l.logSumExp(x),
  winner: l.equal(x, l.max(x)),
});

const column = (index: number) => triples.map((triple) => triple[index]!);
const elementwiseCase = (shape: Shape, sequences: number): StageCase => ({
  sequences,
  inputs: Object.fromEntries(
    operands.map((name, index) => [name, { shape, values: column(index) }]),
  ),
  write: ({ x, y, z }) => elementwiseResults([x!, y!, z!]),
});

const stages: Readonly<Record<string, StageCase>> = {
  "a vector": elementwiseCase([triples.length], 1),
  "a matrix": elementwiseCase([49, 7], 1),
  "a number a sequence": elementwiseCase([], triples.length),
  "rows and columns": {
    sequences: 1,
    inputs: { a: { shape: [rows, rows], values: listed.flat() } },
    write: ({ a }) => reductions(a!),
  },
  "functions of matrices": {
    sequences: 1,
    inputs: {
      a: { shape: [rows, rows], values: listed.flat() },
      b: { shape: [rows, rows], values: listed.toReversed().flat() },
      d: { shape: [rows, rows], values: listed.flat() },
    },
    write: listedFunctions,
  },
  "functions of vectors": {
    sequences: rows,
    inputs: {
      x: { shape: [rows], values: listed.flat() },
      y: { shape: [rows], values: listed.toReversed().flat() },
    },
    write: listedFunctions,
  },
  "a vector a sequence": {
    sequences: rows,
    inputs: { x: { shape: [rows], values: listed.flat() } },
    write: ({ x }) => ofVector(x!),
  },
};

/** Whether two numbers are the same special value, or close. Zeros may differ in sign. */
function agrees(actual: number, expected: number): boolean {
  if (!Number.isFinite(expected) || !Number.isFinite(actual)) return Object.is(actual, expected);
  return Math.abs(actual - expected) <= 1e-6 * Math.abs(expected);
}

const devices: Readonly<Record<string, () => Backend | Promise<Backend>>> = {
  "webgpu split": () => webgpuBackend({ allowSoftware: true, lowering: "split" }),
  "webgpu fused": () => webgpuBackend({ allowSoftware: true, lowering: "fused" }),
  "cpu, one thread": () => cpuBackend({ threads: 1 }),
  "cpu, three threads": () => cpuBackend({ threads: 3, forceThreads: true }),
};

Deno.test("an operation makes of NaN what its record says", () => {
  for (const op of elementwiseOps) {
    const { arity, ofNaN } = operations[op];
    for (const triple of triples) {
      const given = triple.slice(0, arity);
      if (!given.some(Number.isNaN)) continue;
      const result = meaningOf(op)(...given);
      const what = `${op} of ${given}: ${result}`;
      if (ofNaN === 0) assert.equal(result, 0, what);
      else if (ofNaN === "NaN") assert.ok(Number.isNaN(result), what);
      else if (ofNaN === "chosen") {
        assert.ok(Object.is(result, given[given[0] === 0 ? 2 : 1]), what);
      } else {
        const strong = op === "doublyStrongProduct" ? given : given.slice(0, 1);
        assert.ok(strong.includes(0) ? result === 0 : Number.isNaN(result), what);
      }
    }
  }
});

for (const [device, open] of Object.entries(devices)) {
  Deno.test(`${device}: special values give those of the reference`, async () => {
    const backend = await open();
    const wrong: string[] = [];
    for (const [what, stage] of Object.entries(stages)) {
      const expected = await runStage(referenceBackend(), stage);
      const actual = await runStage(backend, stage);
      const inputs = Object.values(stage.inputs).map(({ values }) => values);
      for (const [name, values] of expected) {
        const index = values.findIndex((value, i) => !agrees(actual.get(name)![i]!, value));
        if (index === -1) continue;
        const operands = values.length === inputs[0]!.length
          ? inputs.map((column) => column[index]).join(", ")
          : `number ${index}`;
        const got = actual.get(name)![index];
        wrong.push(`${what}, ${name} of ${operands}: ${got}, expected ${values[index]}`);
      }
    }
    backend.close();
    assert.equal(wrong.length, 0, wrong.join("\n"));
  });
}
