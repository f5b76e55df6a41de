/** Every rule is also checked forward by `checkGradients`, in the tests of the rules and of vjp. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Value } from "../program/elementwise.ts";
import {
  add,
  batchSum,
  column,
  filled,
  less,
  matvec,
  mul,
  oneHot,
  outer,
  row,
  sequenceIndex,
  square,
  stepIndex,
  stopGradient,
  sub,
  sum,
  tanh,
  vecmat,
} from "../program/language.ts";
import { type Node, reachable } from "../program/node.ts";
import { evaluate, prepareStage, type TestInput } from "../testing/evaluate_stage.ts";
import { checkGradients } from "../testing/gradient_check.ts";
import { graphWithLoads } from "../testing/graph.ts";
import { build } from "../testing/naive.ts";
import { arbitraryStores, programOf, showStores, type Stores } from "../testing/random_program.ts";
import { assertNear } from "../testing/relative_rms.ts";
import { jvp } from "./jvp.ts";
import { sumOverBatch, vjp } from "./vjp.ts";

const count = (root: Node, op: string, rank: number): number =>
  reachable([root]).filter((node) =>
    node.operation.op === op && node.inputs[0]?.shape.length === rank
  ).length;

Deno.test("jvp: what no tangent reaches does not move", () => {
  const { load } = graphWithLoads();
  const [x, y] = [load("x", [2]), load("y", [2])];
  const tangents = new Map([[x, load("dx", [2])]]);
  const values = [tanh(y), less(x, y), stopGradient(x), sequenceIndex(x), stepIndex(x)];
  assert.deepEqual(jvp(values, tangents), values.map(() => undefined));
});

Deno.test("jvp: nothing flows into a value that has a tangent from what it is made of", async () => {
  const moved = await evaluate(
    { x: { shape: [2], values: [3, 4] }, dx: { shape: [2], values: [1, 1] } },
    ({ x, dx }) => {
      const middle = square(x);
      const [both] = jvp([mul(middle, x)], new Map([[x, dx], [middle, mul(dx, 100)]]));
      return both!;
    },
  );
  assert.deepEqual(moved, [9 + 300, 16 + 400]);
});

Deno.test("jvp: one tangent a sequence of what the sequences share", async () => {
  const moved = await evaluate(
    { w: { shape: [2, 2], values: [1, 2, 3, 4] }, x: { shape: [2], values: [10, 100] } },
    ({ w, x }) => {
      // Sequence b moves the number in row b of the last column.
      const one = outer(oneHot(sequenceIndex(w), 2), oneHot(filled(w, 1, []), 2));
      return jvp([square(matvec(w, x))], new Map([[w, one]]))[0]!;
    },
    { extents: { replicas: 1, sequences: 2, steps: 1 } },
  );
  assert.deepEqual(moved, [2 * 210 * 100, 0, 0, 2 * 430 * 100]);
});

Deno.test("jvp: a product with an outer product costs one of vectors", () => {
  const { load } = graphWithLoads();
  const w = load("w", [3, 4]);
  const factor = load("a", [3, 4]);
  const one = outer(
    load("post", [3], { hasBatchAxis: true }),
    load("pre", [4], { hasBatchAxis: true }),
  );
  const tangents = new Map([[w, one]]);
  const x = load("x", [4]);
  const y = load("y", [3]);
  for (const value of [matvec(w, x), vecmat(y, w), matvec(mul(w, row(x), column(y)), x)]) {
    assert.equal(count(jvp([value], tangents)[0]!, "reduce", 2), 0);
  }
  const [moved] = jvp([matvec(add(w, mul(w, factor)), x)], tangents);
  const sums = reachable([moved!]).filter((node) =>
    node.operation.op === "reduce" && node.inputs[0]!.shape.length === 2
  );
  assert.equal(sums.length, 1, "a matrix inside is summed");
  const [product] = sums[0]!.inputs;
  assert.equal(product!.inputs[0], factor, "times a row, and nothing else");
});

Deno.test("jvp: tangents that are sums of outer products and of other matrices", async () => {
  const m = { shape: [3, 4], hasBatchAxis: true } as const;
  const v = (n: number) => ({ shape: [n], hasBatchAxis: true }) as const;
  await checkGradients(
    "products taken apart",
    { a: m, b: m, post: v(3), pre: v(4), x: v(4), y: v(3) },
    ({ a, b, post, pre, x, y }) => {
      const first = add(a, mul(outer(post, pre), b), outer(tanh(post), pre));
      const second = sub(first, mul(3, mul(outer(post, square(pre)), column(y))));
      return add(matvec(second, x), mul(y, sum(vecmat(y, mul(second, row(x))))));
    },
  );
});

Deno.test("jvp: <u, J v> = <Jᵀ u, v> for random programs", async () => {
  const [sizes, extents] = [{ n: 3, m: 2 }, { replicas: 2, sequences: 3, steps: 1 }];
  const property = fc.asyncProperty(arbitraryStores(sizes), async (stores: Stores) => {
    const memory = [...programOf(stores, { sizes, extents }).slots.values()];
    const given = Object.fromEntries(
      memory.flatMap(({ name, shape, hasBatchAxis }): [string, TestInput][] => [
        [name, { shape, hasBatchAxis, low: -0.8, high: 0.8 }],
        [`tangent/${name}`, { shape, hasBatchAxis }],
        [`cotangent/${name}`, { shape, hasBatchAxis }],
      ]),
    );
    const { run, engine } = await prepareStage(given, (x) => {
      const { sequences } = extents;
      const entries = Object.entries(stores).map(([name, tree]) => ({
        value: build(tree, { sequences, load: (slot) => x[slot]! }),
        cotangent: x[`cotangent/${name}`]!,
      })).map(({ value, cotangent }) => {
        // A value of one replica takes a cotangent of one, whatever memory it is for.
        return {
          value,
          cotangent: value.hasBatchAxis ? cotangent : filled(value, 0.7, value.shape),
        };
      });
      const tangents = new Map(
        memory.map(({ name }) => [x[name]!, x[`tangent/${name}`]!] as const),
      );
      const moved = jvp(entries.map(({ value }) => value), tangents);
      const gradients = vjp(entries, [...tangents.keys()]);
      const zero = filled(x["a"]!, 0, []);
      const whole = (value: Value) => value.hasBatchAxis ? batchSum(sum(value)) : sum(value);
      const forward = entries.map(({ cotangent }, index) =>
        moved[index] ? whole(mul(cotangent, moved[index])) : zero
      );
      const reverse = [...gradients].map(([node, gradient]) =>
        whole(
          mul(
            node.hasBatchAxis ? gradient.perSequence! : sumOverBatch(gradient),
            tangents.get(node)!,
          ),
        )
      );
      return { forward: add(zero, ...forward), reverse: add(zero, ...reverse) };
    }, { extents });
    const results = await run();
    engine.close();
    assertNear(results.get("forward")!, results.get("reverse")!, {
      bound: 1e-10,
      what: showStores(stores),
    });
  });
  await fc.assert(property, { numRuns: 60 });
});
