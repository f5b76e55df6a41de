/** Every rule of the table keeps values and shapes: the expression is built with it and without. */
import assert from "node:assert/strict";
import type { Value } from "../elementwise.ts";
import * as l from "../language.ts";
import { addNode, broadcast, constant, type Operation } from "../node.ts";
import { isElementwise } from "../operations.ts";
import { prepareStage } from "../../testing/evaluate_stage.ts";
import { graphWithLoads } from "../../testing/graph.ts";
import { assertNear } from "../../testing/relative_rms.ts";
import { build } from "./build.ts";
import { type Expression, identities } from "./identities.ts";
import { type RewriteRuleName, rewriteWith } from "./rules.ts";

const given = {
  s: { shape: [], hasBatchAxis: true },
  x: { shape: [3], hasBatchAxis: true },
  y: { shape: [4], hasBatchAxis: true },
  w: { shape: [3] },
  a: { shape: [3, 4], hasBatchAxis: true },
  c: { shape: [3, 4] },
} as const;
type Values = Readonly<Record<keyof typeof given, Value>>;

const expression = (
  operation: Operation,
  inputs: readonly Value[],
  shape = inputs[0]!.shape,
): Expression => ({ operation, inputs, shape });
const plain = (op: "add" | "subtract" | "multiply" | "divide" | "negate" | "where") =>
(
  ...inputs: Value[]
): Expression =>
  expression({ op }, inputs, inputs.find(({ shape }) => shape.length > 0)?.shape ?? []);
const [add, subtract, multiply, divide, negate, where] = [
  plain("add"),
  plain("subtract"),
  plain("multiply"),
  plain("divide"),
  plain("negate"),
  plain("where"),
];
const number = (like: Value, value: number): Value => constant(like.graph, value);

/** What a rule fits. */
const examples: Readonly<Record<RewriteRuleName, (x: Values) => readonly Expression[]>> = {
  "plus zero": ({ x, s }) => [add(x, number(x, 0)), add(l.filled(x, 0, [3]), s)],
  "minus zero": ({ x }) => [subtract(x, number(x, 0))],
  "zero minus": ({ x, s }) => [subtract(number(x, 0), x), subtract(l.filled(x, 0, [3]), s)],
  "times zero": ({ x }) => [multiply(x, number(x, 0)), multiply(number(x, 0), x)],
  "times one": ({ x, s }) => [multiply(x, number(x, 1)), multiply(l.filled(x, 1, [3]), s)],
  "zero divided": ({ x }) => [divide(number(x, 0), x)],
  "divided by one": ({ x }) => [divide(x, number(x, 1))],
  "known numbers": ({ x }) => {
    const [two, three] = [l.filled(x, 2, [3]), number(x, 3)];
    return [add, subtract, multiply, divide].map((f) => f(two, three)).concat(negate(two));
  },
  "negated twice": ({ x }) => [negate(l.neg(x))],
  "known condition": ({ x, s }) => [
    where(number(x, 1), x, s),
    where(number(x, 0), x, s),
    where(number(x, -0), s, x),
  ],
  "one outcome": ({ x, s }) => [where(s, x, x)],
  "logarithm of a sigmoid": ({ x }) => [expression({ op: "log" }, [l.sigmoid(x)])],
  "logarithm of one and a power": ({ x }) => [
    expression({ op: "log" }, [l.add(1, l.exp(x))]),
    expression({ op: "log" }, [l.add(l.exp(x), 1)]),
    expression({ op: "log1p" }, [l.exp(x)]),
  ],
  "number without gradient": ({ x }) => [
    expression({ op: "stopGradient" }, [l.filled(x, 2, [3])]),
  ],
  "already of every sequence": ({ x }) => [expression({ op: "perSequence" }, [x])],
  "transposed twice": ({ a }) => [expression({ op: "transpose" }, [l.transpose(a)], [3, 4])],
  "whole slice": ({ x }) => [expression({ op: "slice", start: 0 }, [x])],
  "slice of one part": ({ x, y }) => [
    expression({ op: "slice", start: 3 }, [l.concat(x, y, x)], [4]),
  ],
  "one part": ({ x }) => [expression({ op: "concat" }, [x])],
  "shape kept": ({ x }) => [expression({ op: "reshape" }, [x])],
  "reshaped twice": ({ x }) => [expression({ op: "reshape" }, [l.row(x)], [3, 1])],
  "sum of one": ({ s }) => [
    expression({ op: "reduce", kind: "sum", axes: ["post"] }, [broadcast(s, [1])], []),
  ],
  "product with an outer product": ({ x, y, a, c }) => [
    expression({ op: "matmul" }, [l.outer(y, x), a], [4, 4]),
    expression({ op: "matmul" }, [c, l.outer(y, x)], [3, 3]),
  ],
  "factors of an outer product": ({ x, y, s }) => [
    multiply(l.outer(x, y), s),
    multiply(l.mul(l.outer(x, y), l.column(x)), l.row(y)),
    negate(l.outer(x, y)),
  ],
  "scaled rows": ({ x, y, s }) => [multiply(l.neg(l.outer(x, y)), s)],
  "product with a low-rank matrix": ({ x, y, a, c }) => {
    const product = l.matmul(l.matmul(a, l.transpose(c)), l.tanh(a));
    const matrix = l.add(c, product, l.mul(c, product));
    const sum = (axis: "post" | "pre", operand: Value, length: number) =>
      expression({ op: "reduce", kind: "sum", axes: [axis] }, [operand], [length]);
    return [
      sum("pre", l.mul(matrix, l.row(y)), 3),
      sum("post", l.mul(l.column(x), matrix), 4),
      sum("pre", l.mul(l.mul(product, a), l.row(y)), 3),
    ];
  },
  "sum over one axis": ({ x, y, a, c }) => {
    const matrix = l.add(a, l.mul(l.outer(x, y), c), l.neg(l.mul(l.outer(x, y), l.column(x))));
    return [
      expression({ op: "reduce", kind: "sum", axes: ["pre"] }, [matrix], [3]),
      expression({ op: "reduce", kind: "sum", axes: ["post"] }, [matrix], [4]),
    ];
  },
};

for (const [name, write] of Object.entries(examples)) {
  Deno.test(`rewrite: ${name}`, async () => {
    const { run, engine } = await prepareStage(given, (values) => {
      const results = write(values).flatMap((before, index) => {
        const { graph } = values.x;
        const inputs = before.inputs.map((input) =>
          isElementwise(before.operation.op) ? broadcast(input, before.shape) : input
        );
        const plain = addNode(graph, before.operation, { inputs, shape: before.shape });
        const found = rewriteWith(name as RewriteRuleName, before, (inner) => build(graph, inner));
        assert.ok(found !== undefined, `example ${index} does not fit`);
        const rewritten = broadcast(
          typeof found === "number" ? constant(graph, found) : found,
          before.shape,
        );
        assert.notEqual(rewritten, plain);
        return [[`before ${index}`, plain], [`after ${index}`, rewritten]] as const;
      });
      return Object.fromEntries(results.map(([key, value]) => [key, l.perSequence(value)]));
    }, { extents: { replicas: 2, sequences: 3, steps: 1 } });
    const results = await run();
    engine.close();
    for (const [key, after] of results) {
      if (!key.startsWith("after")) continue;
      const before = results.get(key.replace("after", "before"))!;
      if (name in identities && !isRounded(name as keyof typeof identities)) {
        assert.deepEqual(Array.from(after, noSign), Array.from(before, noSign));
      } else assertNear(after, before, { bound: 1e-14, what: key });
    }
  });
}

const isRounded = (name: keyof typeof identities): boolean =>
  identities[name].exact.startsWith("up to rounding");

/** Zeros may differ in sign. */
const noSign = (x: number): number => x === 0 ? 0 : x;

Deno.test("rewrite: a rule that does not fit says so", () => {
  const { load } = graphWithLoads();
  const [x, a, s] = [load("x", [3]), load("a", [3, 4]), load("s", [])];
  const others: Readonly<Record<string, Expression>> = {
    "plus zero": add(x, s),
    "known numbers": add(number(x, 2), s),
    "known condition": where(s, x, s),
    "one outcome": where(s, x, s),
    "logarithm of a sigmoid": expression({ op: "log" }, [l.tanh(x)]),
    "logarithm of one and a power": expression({ op: "log" }, [l.add(2, l.exp(x))]),
    "slice of one part": expression({ op: "slice", start: 1 }, [l.concat(x, x)], [3]),
    "sum of one": expression({ op: "reduce", kind: "max", axes: ["post"] }, [x], []),
    "factors of an outer product": multiply(a, s),
    "scaled rows": multiply(a, s),
    "sum over one axis": expression({ op: "reduce", kind: "max", axes: ["pre"] }, [a], [3]),
    "product with a low-rank matrix": expression(
      { op: "reduce", kind: "sum", axes: ["pre"] },
      [a],
      [3],
    ),
  };
  for (const [name, other] of Object.entries(others)) {
    const found = rewriteWith(name as RewriteRuleName, other, (inner) => build(x.graph, inner));
    assert.equal(found, undefined, name);
  }
});
