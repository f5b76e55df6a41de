import assert from "node:assert/strict";
import { geometricMean, ratioToFastest } from "./compare.ts";
import { rowOf } from "./testing/rows.ts";

const ours = rowOf("hebb", { ms: 2, min_ms: 1 });

Deno.test("compare: the ratio is to the engine that is fastest by the time that is compared", () => {
  const peers = [
    rowOf("torch", { ms: 20, min_ms: 4 }),
    rowOf("jax", { ms: 6, min_ms: 5 }),
    rowOf("numpy", { ms: 90, min_ms: 80 }),
  ];
  const result = { ours, peers };
  assert.deepEqual(ratioToFastest(result, ({ ms }) => ms), { ratio: 3, engine: "jax" });
  assert.deepEqual(ratioToFastest(result, ({ min_ms }) => min_ms), { ratio: 4, engine: "torch" });
});

Deno.test("compare: without another engine there is no ratio", () => {
  assert.equal(ratioToFastest({ ours, peers: [] }, ({ ms }) => ms), undefined);
});

Deno.test("compare: a geometric mean is the same whichever engine is divided by the other", () => {
  const ratios = [2, 8, 0.5];
  assert.ok(Math.abs(geometricMean(ratios) - 2) < 1e-12);
  assert.ok(Math.abs(geometricMean(ratios.map((ratio) => 1 / ratio)) - 1 / 2) < 1e-12);
  assert.ok(Number.isNaN(geometricMean([])));
});
