import assert from "node:assert/strict";
import {
  add,
  batchMean,
  batchSum,
  filled,
  matvec,
  mul,
  reshape,
  square,
  sum,
  tanh,
} from "../program/language.ts";
import { evaluate } from "../testing/evaluate_stage.ts";
import { checkGradients } from "../testing/gradient_check.ts";
import { graphWithLoads } from "../testing/graph.ts";
import { broadcast } from "../program/node.ts";
import { sumOverBatch, vjp } from "./vjp.ts";

const batch = { replicas: 2, sequences: 3, steps: 1 };

Deno.test("vjp: a shared value counts once a sequence, a penalty on it once", async () => {
  const gradient = await evaluate({
    w: { shape: [2], values: [0.5, -1, 2, 3] },
    x: { shape: [2], hasBatchAxis: true, values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] },
  }, ({ w, x }) => {
    const perSequence = sum(mul(w, x));
    const penalty = sum(square(w));
    const one = filled(w, 1, []);
    return sumOverBatch(
      vjp([{ value: perSequence, cotangent: one }, { value: penalty, cotangent: one }], [w])
        .get(w)!,
    );
  }, { extents: batch });
  // Σ_b x_b + 2 w, for each replica.
  assert.deepEqual(gradient, [9 + 1, 12 - 2, 27 + 4, 30 + 6]);
});

Deno.test("vjp: the two parts of a gradient are kept apart", () => {
  const { load } = graphWithLoads();
  const w = load("w", [2]);
  const x = load("x", [2], { hasBatchAxis: true });
  const one = filled(w, 1, []);
  const through = vjp([{ value: sum(mul(w, x)), cotangent: one }], [w]).get(w)!;
  assert.ok(through.perSequence?.hasBatchAxis);
  assert.equal(through.shared, undefined);
  const alone = vjp([{ value: sum(square(w)), cotangent: one }], [w]).get(w)!;
  assert.equal(alone.perSequence, undefined);
  assert.equal(alone.shared?.hasBatchAxis, false);
});

Deno.test("vjp: a cotangent of its own in every sequence reaches a shared value through the batch", () => {
  const { load } = graphWithLoads();
  const w = load("w", [2]);
  const cotangent = load("g", [2], { hasBatchAxis: true });
  const gradient = vjp([{ value: tanh(w), cotangent }], [w]).get(w)!;
  const shared = sumOverBatch(gradient);
  assert.equal(shared.hasBatchAxis, false, "the gradient of a shared value must be shared");
});

Deno.test("vjp: what no seed depends on is missing", () => {
  const { load } = graphWithLoads();
  const [x, y] = [load("x", [2]), load("y", [2])];
  const found = vjp([{ value: tanh(x), cotangent: filled(x, 1, [2]) }], [x, y]);
  assert.ok(found.has(x));
  assert.ok(!found.has(y));
});

Deno.test("vjp: nothing flows through a wanted value", async () => {
  const gradient = await evaluate(
    { x: { shape: [2], hasBatchAxis: true, values: [3, 4] } },
    ({ x }) => {
      const middle = square(x);
      const found = vjp([{ value: mul(middle, x), cotangent: filled(x, 1, [2]) }], [middle, x]);
      return add(mul(100, found.get(middle)!.perSequence!), found.get(x)!.perSequence!);
    },
  );
  assert.deepEqual(gradient, [309, 416]);
});

Deno.test("vjp: a seed that is itself wanted", async () => {
  const gradient = await evaluate(
    { x: { shape: [2], hasBatchAxis: true, values: [3, 4] } },
    ({ x }) => {
      const found = vjp([{ value: x, cotangent: filled(x, 5, [2]) }], [x]);
      return found.get(x)!.perSequence!;
    },
  );
  assert.deepEqual(gradient, [5, 5]);
});

Deno.test("vjp: sums over the batch in the middle of an expression", async () => {
  await checkGradients(
    "batch statistics",
    {
      w: { shape: [2, 3] },
      x: { shape: [3], hasBatchAxis: true },
      b: { shape: [2] },
      f: { shape: [2, 2], hasBatchAxis: true },
    },
    ({ w, x, b, f }) => {
      const a = tanh(add(matvec(w, x), b));
      const mean = batchMean(a);
      const again = tanh(matvec(f, mul(a, mean)));
      return add(again, batchSum(mul(b, 2)), matvec(w, mul(x, sum(mean))));
    },
    { extents: batch },
  );
});

Deno.test("vjp: what only moves a shared value keeps its gradient apart by sequence", async () => {
  const { load } = graphWithLoads();
  const one = load("one", [1]);
  const h = load("h", [2, 3], { hasBatchAxis: true });
  const value = sum(mul(broadcast(reshape(one, [1, 1]), [2, 3]), h));
  const parts = vjp([{ value, cotangent: filled(value, 1, []) }], [one]).get(one)!;
  assert.ok(parts.perSequence?.hasBatchAxis);
  assert.equal(parts.shared, undefined);
  const gradient = await evaluate({
    one: { shape: [1], values: [4, 5] },
    h: { shape: [2, 2], hasBatchAxis: true, values: Array.from({ length: 24 }, (_, i) => i) },
  }, ({ one, h }) => {
    const value = sum(mul(broadcast(reshape(one, [1, 1]), [2, 2]), h));
    return sumOverBatch(vjp([{ value, cotangent: filled(value, 1, []) }], [one]).get(one)!);
  }, { extents: batch });
  assert.deepEqual(gradient, [66, 210]);
});

Deno.test("vjp: a cotangent of another shape than its value is refused", () => {
  const w = graphWithLoads().load("w", [2]);
  assert.throws(() => vjp([{ value: w, cotangent: filled(w, 1, []) }], [w]), {
    name: "RangeError",
    message: "vjp: the cotangent of a vector(2) is a scalar, expected its shape",
  });
});
