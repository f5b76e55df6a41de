import assert from "node:assert/strict";
import { binaryEntropy, lnChoices, lnOrders } from "./entropy.ts";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, expected ${expected}`);

Deno.test("ways to choose are counted, with order and without", () => {
  near(lnOrders(5, 3), Math.log(60));
  near(lnOrders(5, 0), 0);
  near(lnChoices(5, 3), Math.log(10));
  near(lnChoices(7, 7), 0);
});

Deno.test("a choice of two costs ln 2 at most, and nothing if it is sure", () => {
  near(binaryEntropy(0.5), Math.log(2));
  near(binaryEntropy(0.1), -0.1 * Math.log(0.1) - 0.9 * Math.log(0.9));
  assert.deepEqual([binaryEntropy(0), binaryEntropy(1)], [0, 0]);
});
