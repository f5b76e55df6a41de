import assert from "node:assert/strict";
import { gelu, geluDerivative, power, sigmoid, softplus } from "./float64_functions.ts";

function assertClose(actual: number, expected: number, label: string) {
  const error = Math.abs(actual - expected) / Math.abs(expected);
  assert.ok(error < 2e-15, `${label}: expected ${expected}, got ${actual}, error ${error}`);
}

// From 50-digit arithmetic, at the float64 number nearest to x.
const geluAndDerivative = [
  [-13, -7.952313719414843e-38, -1.0337304440113355e-36],
  [-10, -7.619853024160526e-23, -7.618400096464814e-22],
  [-6.5, -2.6104003795084267e-10, -1.6950517937572625e-09],
  [-3, -0.0040496940948902835, -0.011945647204183927],
  [-1, -0.15865525393145705, -0.0833154705876863],
  [-0.7517915, -0.16997120747990352, 1.065512497231613e-08],
  [-0.5, -0.15426876936299344, 0.13250487534383715],
  [-0.01, -0.004960106436853684, 0.49202142034750757],
  [0.01, 0.005039893563146316, 0.5079785796524924],
  [0.5, 0.34573123063700656, 0.8674951246561629],
  [1, 0.8413447460685429, 1.0833154705876864],
  [3, 2.99595030590511, 1.011945647204184],
  [10, 10.0, 1.0],
] as const;

Deno.test("gelu and its derivative agree with 50-digit values, far into the negative tail", () => {
  for (const [x, value, derivative] of geluAndDerivative) {
    assertClose(gelu(x), value, `gelu(${x})`);
    // The derivative passes through zero at -0.7518, where only its absolute error is small.
    assertClose(1 + geluDerivative(x), 1 + derivative, `1 + geluDerivative(${x})`);
    if (Math.abs(x + 0.75) > 0.1) {
      assertClose(geluDerivative(x), derivative, `geluDerivative(${x})`);
    }
  }
  assert.deepEqual([gelu(0), gelu(Infinity), gelu(-Infinity), gelu(-1e30)], [0, Infinity, 0, 0]);
  assert.deepEqual([-Infinity, 0, Infinity].map(geluDerivative), [0, 0.5, 1]);
});

Deno.test("geluDerivative is the slope of gelu", () => {
  for (let x = -6; x <= 6; x += 0.37) {
    const slope = (gelu(x + 1e-5) - gelu(x - 1e-5)) / 2e-5;
    assert.ok(Math.abs(slope - geluDerivative(x)) < 1e-9, `at ${x}`);
  }
});

Deno.test("sigmoid neither overflows nor loses its small values", () => {
  assertClose(sigmoid(-700), Math.exp(-700), "sigmoid(-700)");
  assert.deepEqual([-Infinity, -1e300, 0, 1e300, Infinity].map(sigmoid), [0, 0, 0.5, 1, 1]);
});

Deno.test("softplus is accurate in both tails", () => {
  assertClose(softplus(-700), Math.exp(-700), "softplus(-700)");
  assertClose(softplus(0), Math.LN2, "softplus(0)");
  assertClose(softplus(1), 1.3132616875182228, "softplus(1)");
  assert.deepEqual([-Infinity, 800, Infinity].map(softplus), [0, 800, Infinity]);
});

Deno.test("powers of zero, and of negative numbers", () => {
  assert.deepEqual([0, 1, 2, -1].map((b) => power(0, b)), [1, 0, 0, Infinity]);
  assert.deepEqual([0, 1, 2, -1].map((b) => power(-0, b)), [1, 0, 0, Infinity]);
  assert.deepEqual([0, 1, 2].map((b) => power(-1, b)), [NaN, NaN, NaN]);
});

Deno.test("float64 functions give NaN for NaN", () => {
  for (const compute of [gelu, geluDerivative, sigmoid, softplus]) {
    assert.ok(Number.isNaN(compute(NaN)), compute.name);
  }
});
