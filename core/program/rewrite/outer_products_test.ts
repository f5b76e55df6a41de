import assert from "node:assert/strict";
import fc from "fast-check";
import type { Value } from "../elementwise.ts";
import {
  add,
  column,
  mul,
  neg,
  outer,
  perSequence,
  row,
  sub,
  tanh,
  transpose,
  where,
} from "../language.ts";
import { prepareStage, type TestInput } from "../../testing/evaluate_stage.ts";
import { graphWithLoads } from "../../testing/graph.ts";
import { assertNear } from "../../testing/relative_rms.ts";
import { separate, terms } from "./outer_products.ts";

const batch = { replicas: 2, sequences: 3, steps: 1 };

/** The outer product of the factors must be the matrix. */
async function assertSeparates(
  what: string,
  given: Record<string, TestInput>,
  write: (x: Record<string, Value>) => Value,
): Promise<void> {
  const { run } = await prepareStage(given, (x) => {
    const product = write(x);
    const factors = separate(product);
    assert.ok(factors, `${what}: expected an outer product`);
    const again = outer(factors.post, factors.pre);
    return { product: perSequence(product), again: perSequence(again) };
  }, { extents: batch });
  const results = await run();
  assertNear(results.get("again")!, results.get("product")!, { bound: 1e-14, what });
}

const vector = (n: number): TestInput => ({ shape: [n], hasBatchAxis: true });

Deno.test("separate: products of rows, columns, scalars and signs", async () => {
  const given = {
    p: vector(3),
    q: vector(4),
    s: { shape: [], hasBatchAxis: true },
    w: { shape: [3] },
  } as const;
  const cases: [string, (x: Record<string, Value>) => Value][] = [
    ["outer", ({ p, q }) => outer(p!, q!)],
    ["scaled", ({ p, q, s }) => mul(outer(p!, q!), s!, 0.5)],
    ["negated", ({ p, q }) => neg(outer(p!, q!))],
    ["with another row and column", ({ p, q, w }) => mul(outer(p!, q!), column(w!), row(tanh(q!)))],
    ["perSequence", ({ w, q }) => perSequence(outer(w!, mul(q!, 2)))],
  ];
  for (const [what, write] of cases) await assertSeparates(what, given, write);
});

Deno.test("separate: one row, one column, one element", async () => {
  await assertSeparates("one row", { p: vector(1), q: vector(4) }, ({ p, q }) => outer(p!, q!));
  await assertSeparates("one column", { p: vector(4), q: vector(1) }, ({ p, q }) => outer(p!, q!));
  await assertSeparates("one element", { p: vector(1), q: vector(1) }, ({ p, q }) => outer(p!, q!));
});

Deno.test("separate: what is no outer product is left alone", () => {
  const { load } = graphWithLoads();
  const [p, q, a] = [load("p", [3]), load("q", [3]), load("a", [3, 3])];
  for (
    const other of [
      a,
      mul(a, outer(p, q)),
      add(outer(p, q), a),
      sub(outer(p, q), outer(q, p)),
      tanh(outer(p, q)),
      where(p, 1, 0),
      transpose(a),
    ]
  ) {
    assert.equal(separate(other), undefined);
  }
});

Deno.test("separate: random products", async () => {
  const factor = fc.constantFrom("p", "q", "r", "s", "two", "negate", "perSequence");
  await fc.assert(
    fc.asyncProperty(fc.array(factor, { maxLength: 6 }), async (factors) => {
      const given = { p: vector(3), q: vector(2), s: { shape: [], hasBatchAxis: true } } as const;
      await assertSeparates(factors.join(), given, (x) =>
        factors.reduce((product, name) => {
          if (name === "p") return mul(product, column(x["p"]!));
          if (name === "q") return mul(row(x["q"]!), product);
          if (name === "r") return mul(product, outer(x["p"]!, x["q"]!));
          if (name === "s") return mul(product, x["s"]!);
          if (name === "two") return mul(product, 2);
          return name === "negate" ? neg(product) : perSequence(product);
        }, outer(x["p"]!, x["q"]!)));
    }),
    { numRuns: 50 },
  );
});

Deno.test("terms: the terms of a nested sum, in order", () => {
  const { load } = graphWithLoads();
  const [a, b, c] = [load("a", [2]), load("b", [2]), load("c", [2])];
  assert.deepEqual(terms(add(a, add(b, tanh(c)))), [a, b, tanh(c)]);
  assert.deepEqual(terms(a), [a]);
});
